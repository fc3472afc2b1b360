// switch_when over synthetic metrics. Rates were worked out by hand; a staircase shows which update of its own a child draws.
#include <boost/test/unit_test.hpp>

#include "shipped.hpp"

using namespace etude;
using namespace etude::test;
namespace tt = boost::test_tools;

namespace {

ScheduleSpec drawn_by(const std::string& name, const std::vector<GivenValue>& given = {}) {
    return schedule_spec(shipped().require(PluginKind::schedule, name), given, 1);
}
/// 0.5 per update: 1 .5 .25 ...
ScheduleSpec halving() { return drawn_by("step", {{"size", Duration{1, TimeUnit::ticks}}, {"gamma", 0.5}}); }
/// 1 at its first update, 0 at the last that it has.
ScheduleSpec falling() { return drawn_by("linear", {{"end", 0.0}}); }
ScheduleSpec until(Condition condition, ScheduleSpec spec) {
    spec.until = std::move(condition);
    return spec;
}
Condition below(double value) { return {Condition::Kind::below, "test_loss", value, {}, 0}; }
Condition beyond(double value) { return {Condition::Kind::above, "test_accuracy", value, {}, 0}; }
Condition stalled(double epochs, double margin = 0) {
    return {Condition::Kind::no_improvement_for, "test_loss", 0, {epochs, TimeUnit::epochs}, margin};
}

ScheduleSpec switching(std::vector<ScheduleSpec> children, bool continuous = false) {
    ScheduleSpec spec;
    spec.name = "switch_when";
    spec.combination = Combination::switch_when;
    spec.children = std::move(children);
    spec.continuous = continuous;
    return spec;
}

/// Factors of a run of `per_epoch` updates an epoch; metrics[e] is reported after epoch e.
std::vector<double> factors_under(const ScheduleSpec& spec, const std::vector<double>& metrics, std::uint64_t per_epoch = 1,
                                  bool smaller_is_better = true) {
    const RunLength length{metrics.size() * per_epoch, per_epoch};
    BoundSchedule schedule(SchedulePlugins(shipped(), spec), spec, 1, length, 0);
    std::vector<double> all;
    for (std::uint64_t update = 0; update < length.updates; ++update) {
        all.push_back(schedule.factor(update));
        const std::uint64_t done = update + 1;
        if (done % per_epoch == 0) schedule.observe(metrics[done / per_epoch - 1], smaller_is_better, unknown, done, done / per_epoch);
    }
    return all;
}
void check(const std::vector<double>& rates, const std::vector<double>& expected) {
    BOOST_TEST(rates == expected, tt::tolerance(1e-12) << tt::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(switch_when)

BOOST_AUTO_TEST_CASE(the_next_begins_after_the_report_that_fulfils_the_condition) {
    const ScheduleSpec spec = switching({until(below(0.5), drawn_by("constant")), halving()});
    check(factors_under(spec, {0.9, 0.5, 0.4, 0.3, 9, 9}), {1, 1, 1, 1, 0.5, 0.25});
    check(factors_under(spec, {0.9, nan, 0.6}), {1, 1, 1});
    check(factors_under(spec, {0.4, 9, 9}), {1, 1, 0.5});
}

BOOST_AUTO_TEST_CASE(its_span_is_the_rest_of_the_run) {
    const ScheduleSpec spec = switching({until(below(0.5), drawn_by("constant")), falling()});
    check(factors_under(spec, {0.9, 0.4, 9, 9, 9, 9, 9}), {1, 1, 1, 0.75, 0.5, 0.25, 0});
    check(factors_under(spec, {0.9, 0.9, 0.9, 0.4, 9, 9}), {1, 1, 1, 1, 1, 0});
    check(factors_under(spec, {0.9, 0.9, 0.4, 9}, 2), {1, 1, 1, 1, 1, 1, 1, 0});
}

BOOST_AUTO_TEST_CASE(above_is_for_what_shall_be_large) {
    const ScheduleSpec spec = switching({until(beyond(0.8), drawn_by("constant")), halving()});
    check(factors_under(spec, {0.7, 0.8, 0.81, 0.1, 0.1}, 1, false), {1, 1, 1, 1, 0.5});
}

BOOST_AUTO_TEST_CASE(without_improvement_for_so_long_it_gives_way) {
    const ScheduleSpec spec = switching({until(stalled(2), drawn_by("constant")), halving()});
    // The best, 0.7, comes after epoch 2; two epochs later it is over.
    check(factors_under(spec, {0.9, 0.7, 0.8, 0.7, 9, 9, 9}), {1, 1, 1, 1, 1, 0.5, 0.25});
    // Half an epoch of two updates: the report after the next epoch is the first that can tell.
    check(factors_under(switching({until(stalled(0.5), drawn_by("constant")), halving()}), {0.9, 0.9, 9}, 2), {1, 1, 1, 1, 1, 0.5});
    // Better by a tenth or less is no better.
    check(factors_under(switching({until(stalled(2, 0.1), drawn_by("constant")), halving()}), {0.9, 0.85, 0.81, 0.1, 0.1}), {1, 1, 1, 1, 0.5});
    // A metric that is never a number improves nothing.
    check(factors_under(spec, {nan, nan, nan, nan}), {1, 1, 1, 0.5});
    // Larger is better: the sign turns.
    check(factors_under(spec, {0.1, 0.2, 0.3, 0.3, 0.3, 0.9, 0.9}, 1, false), {1, 1, 1, 1, 1, 1, 0.5});
}

BOOST_AUTO_TEST_CASE(conditions_begin_anew_with_each_schedule) {
    const ScheduleSpec spec = switching({until(below(0.5), drawn_by("constant")), until(stalled(2), halving()), falling()});
    // Switched after epoch 1; the second sees its best, 0.6, after epoch 2, although 0.4 was there before; it gives way after epoch 4.
    check(factors_under(spec, {0.4, 0.6, 0.7, 0.7, 9, 9, 9}), {1, 1, 0.5, 0.25, 1, 0.5, 0});
}

BOOST_AUTO_TEST_CASE(continuous_it_begins_where_the_one_before_ended) {
    const ScheduleSpec spec = switching({until(below(0.5), halving()), falling()}, true);
    check(factors_under(spec, {0.9, 0.9, 0.4, 9, 9, 9}), {1, 0.5, 0.25, 0.25, 0.125, 0});
}

BOOST_AUTO_TEST_CASE(it_stands_inside_others_in_their_time) {
    ScheduleSpec first = halving();
    first.lasts = Duration{2, TimeUnit::updates};
    ScheduleSpec sequence;
    sequence.name = "sequence";
    sequence.combination = Combination::sequence;
    sequence.children = {first, switching({until(below(0.5), drawn_by("constant")), falling()})};
    // A low loss in the first phase is none of its business; in the second it switches after epoch 4 of 7.
    check(factors_under(sequence, {0.1, 0.1, 0.9, 0.4, 9, 9, 9}), {1, 0.5, 1, 1, 1, 0.5, 0});
}

BOOST_AUTO_TEST_CASE(what_a_run_may_come_to_is_checked_before_it) {
    const ScheduleSpec late = drawn_by("expression", {{"formula", std::string("0.5 - t")}});
    const ScheduleSpec spec = switching({until(below(0.5), drawn_by("constant")), late});
    BOOST_TEST(check_schedule(SchedulePlugins(shipped(), spec), spec, 1, {5, 1}, 0).error.value_or("none") ==
               "schedule 'expression': factor is -0.5 at update 1");
}

BOOST_AUTO_TEST_CASE(its_state_says_where_it_is) {
    const ScheduleSpec spec = switching({until(below(0.5), drawn_by("constant")), halving()});
    BoundSchedule schedule(SchedulePlugins(shipped(), spec), spec, 1, {5, 1}, 0);
    schedule.factor(0);
    BOOST_TEST(schedule.state()[0] == 0);
    schedule.observe(0.4, true, unknown, 1, 1);
    BOOST_TEST(schedule.state()[0] == 1);
    BOOST_TEST(schedule.state()[1] == 1);
}

BOOST_AUTO_TEST_SUITE_END()
