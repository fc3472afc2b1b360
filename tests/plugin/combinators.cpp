// Schedules made of schedules. The numbers were worked out by hand; a staircase that falls by a known amount shows which update of its own
// a child draws.
#include <boost/test/unit_test.hpp>

#include "shipped.hpp"

using namespace etude;
using namespace etude::test;
namespace tt = boost::test_tools;

namespace {

ScheduleSpec drawn_by(const std::string& name, const std::vector<GivenValue>& given = {}, double base = 1) {
    return schedule_spec(shipped().require(PluginKind::schedule, name), given, base);
}
Duration updates(double count) { return {count, TimeUnit::updates}; }
/// 1 at its first update, 0 at its last.
ScheduleSpec falling() { return drawn_by("linear", {{"end", 0.0}}); }
/// 0.5 per update: 1 .5 .25 ...
ScheduleSpec halving() { return drawn_by("step", {{"size", Duration{1, TimeUnit::ticks}}, {"gamma", 0.5}}); }

ScheduleSpec combined(Combination how, std::vector<ScheduleSpec> children) {
    ScheduleSpec spec;
    spec.name = word(how);
    spec.combination = how;
    spec.children = std::move(children);
    return spec;
}
ScheduleSpec lasting(Duration time, ScheduleSpec spec) {
    spec.lasts = time;
    return spec;
}
template <class T> ScheduleSpec with(T ShapingSpec::*field, T value, ScheduleSpec spec) {
    spec.shaping.*field = std::move(value);
    return spec;
}
ScheduleSpec delayed(Duration delay, ScheduleSpec spec) { return with<std::optional<Duration>>(&ShapingSpec::delay, delay, std::move(spec)); }
ScheduleSpec quantized(Duration step, ScheduleSpec spec) { return with<std::optional<Duration>>(&ShapingSpec::quantize, step, std::move(spec)); }
ScheduleSpec scaled(double scale, ScheduleSpec spec) { return with<std::optional<double>>(&ShapingSpec::scale, scale, std::move(spec)); }
ScheduleSpec clipped(RateLimits clip, ScheduleSpec spec) { return with<std::optional<RateLimits>>(&ShapingSpec::clip, clip, std::move(spec)); }
ScheduleSpec repeated(RepeatSpec repeat, ScheduleSpec spec) { return with<std::optional<RepeatSpec>>(&ShapingSpec::repeat, repeat, std::move(spec)); }

std::vector<double> factors_of(const ScheduleSpec& spec, RunLength length, double base = 1) {
    BoundSchedule schedule(SchedulePlugins(shipped(), spec), spec, base, length, 0);
    std::vector<double> all;
    for (std::uint64_t update = 0; update < length.updates; ++update) all.push_back(schedule.factor(update));
    return all;
}

void check(const ScheduleSpec& spec, RunLength length, const std::vector<double>& expected, double base = 1) {
    BOOST_TEST(factors_of(spec, length, base) == expected, tt::tolerance(1e-12) << tt::per_element());
}

/// Factors of a run of one update an epoch under a metric that never changes.
void check_flat_metric(const ScheduleSpec& spec, const std::vector<double>& expected) {
    BoundSchedule schedule(SchedulePlugins(shipped(), spec), spec, 1, {expected.size(), 1}, 0);
    BOOST_TEST(schedule.observes());
    std::vector<double> all;
    for (std::uint64_t update = 0; update < expected.size(); ++update) {
        all.push_back(schedule.factor(update));
        schedule.observe(1.0, true, unknown, update + 1, update + 1);
    }
    BOOST_TEST(all == expected, tt::tolerance(1e-12) << tt::per_element());
}

ScheduleSpec patient_plateau() { return drawn_by("plateau", {{"patience", std::int64_t{1}}, {"factor", 0.1}}); }
ScheduleSpec half_from_6() {
    return drawn_by("multi_step", {{"milestones", std::vector<Duration>{{6, TimeUnit::ticks}}}, {"gamma", std::vector<double>{0.5}}});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(combinations)

BOOST_AUTO_TEST_CASE(a_product_multiplies_what_its_schedules_draw_at_the_same_update) {
    check(combined(Combination::product, {halving(), falling()}), {5, 5}, {1, .375, .125, .03125, 0});
}

BOOST_AUTO_TEST_CASE(min_of_and_max_of_take_one_of_the_values) {
    check(combined(Combination::min_of, {halving(), falling()}), {5, 5}, {1, .5, .25, .125, 0});
    check(combined(Combination::max_of, {halving(), falling()}), {5, 5}, {1, .75, .5, .25, .0625});
}

BOOST_AUTO_TEST_CASE(a_sequence_gives_each_schedule_its_own_time_and_the_last_one_the_rest) {
    check(combined(Combination::sequence, {lasting(updates(3), falling()), lasting(updates(2), halving()), falling()}), {10, 5},
          {1, .5, 0, 1, .5, 1, .75, .5, .25, 0});
}

BOOST_AUTO_TEST_CASE(lengths_in_a_sequence_are_of_its_own_time_and_boundaries_are_rounded_up) {
    // 1.5 epochs of 3 updates are 4.5: the second begins at 5.
    check(combined(Combination::sequence, {lasting({1.5, TimeUnit::epochs}, halving()), falling()}), {7, 3}, {1, .5, .25, .125, .0625, 1, 0});
    const ScheduleSpec halves = combined(Combination::sequence, {lasting({0.5, TimeUnit::fraction}, falling()), halving()});
    check(combined(Combination::sequence, {lasting(updates(2), drawn_by("constant")), halves}), {8, 4}, {1, 1, 1, .5, 0, 1, .5, .25});
}

BOOST_AUTO_TEST_CASE(a_schedule_of_no_length_is_left_out_of_a_sequence) {
    check(combined(Combination::sequence, {lasting(updates(0), halving()), lasting(updates(2), falling()), drawn_by("constant")}), {4, 4},
          {1, 0, 1, 1});
}

BOOST_AUTO_TEST_CASE(what_the_run_does_not_reach_of_a_sequence_changes_nothing) {
    check(combined(Combination::sequence, {lasting(updates(5), falling()), lasting(updates(5), halving()), falling()}), {3, 3}, {1, .75, .5});
}

BOOST_AUTO_TEST_CASE(a_continuous_sequence_goes_on_from_the_last_value) {
    ScheduleSpec spec = combined(Combination::sequence, {lasting(updates(3), halving()), lasting(updates(2), halving()), halving()});
    spec.continuous = true;
    check(spec, {7, 7}, {1, .5, .25, .25, .125, .125, .0625});
}

BOOST_AUTO_TEST_CASE(a_continuous_sequence_cannot_go_on_with_a_schedule_that_begins_at_0) {
    ScheduleSpec from_zero = falling();
    from_zero.warmup = WarmupSpec{updates(2), 0, WarmupShape::linear, Ends::half_open, WarmupMode::prefix};
    ScheduleSpec spec = combined(Combination::sequence, {lasting(updates(2), halving()), from_zero});
    spec.continuous = true;
    BOOST_TEST(check_schedule(SchedulePlugins(shipped(), spec), spec, 1, {6, 6}, 0).error.value_or("nothing") ==
               "a continuous sequence: what begins at its update 2 begins at rate 0");
}

BOOST_AUTO_TEST_CASE(a_look_at_the_run_finds_a_first_rate_of_0_in_a_combination) {
    ScheduleSpec from_zero = halving();
    from_zero.warmup = WarmupSpec{updates(2), 0, WarmupShape::linear, Ends::half_open, WarmupMode::prefix};
    const ScheduleSpec spec = combined(Combination::product, {drawn_by("constant"), from_zero});
    BOOST_TEST(check_schedule(SchedulePlugins(shipped(), spec), spec, 1, {6, 6}, 0).warning.value_or("") ==
               "schedule 'product': rate is 0 at update 0, the first");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(combinations_that_watch)

BOOST_AUTO_TEST_CASE(a_plateau_behind_a_warm_up_times_a_staircase) {
    ScheduleSpec plateau = patient_plateau();
    plateau.warmup = WarmupSpec{{2, TimeUnit::epochs}};
    check_flat_metric(combined(Combination::product, {plateau, half_from_6()}), {.5, 1, 1, 1, 1, .1, .05, .005, .005, .0005});
}

BOOST_AUTO_TEST_CASE(a_warm_up_around_the_product_moves_all_of_it) {
    ScheduleSpec spec = combined(Combination::product, {patient_plateau(), half_from_6()});
    spec.warmup = WarmupSpec{{2, TimeUnit::epochs}};
    check_flat_metric(spec, {.5, 1, 1, 1, 1, .1, .1, .01, .005, .0005});
}

BOOST_AUTO_TEST_CASE(every_schedule_of_a_product_gets_the_report) {
    check_flat_metric(combined(Combination::product, {patient_plateau(), patient_plateau()}), {1, 1, 1, .01, .01, .0001});
}

BOOST_AUTO_TEST_CASE(the_active_schedule_of_a_sequence_gets_the_report) {
    // Had the second one heard the first four reports, it would have fallen at once.
    check_flat_metric(combined(Combination::sequence, {lasting(updates(4), patient_plateau()), patient_plateau()}),
                      {1, 1, 1, .1, 1, 1, 1, .1, .1, .01});
}

BOOST_AUTO_TEST_CASE(a_continuous_sequence_goes_on_from_where_a_plateau_has_come_to) {
    ScheduleSpec spec = combined(Combination::sequence, {lasting(updates(4), patient_plateau()), halving()});
    spec.continuous = true;
    check_flat_metric(spec, {1, 1, 1, .1, .1, .05});
}

BOOST_AUTO_TEST_CASE(a_report_during_a_delay_is_not_given) {
    check_flat_metric(delayed(updates(3), patient_plateau()),
                      {1, 1, 1, 1, 1, 1, .1, .1, .01});
}

BOOST_AUTO_TEST_CASE(a_quantized_plateau_falls_at_the_next_step) {
    check_flat_metric(quantized(updates(4), patient_plateau()), {1, 1, 1, 1, .1, .1, .1, .1, .001});
}

BOOST_AUTO_TEST_CASE(the_states_of_all_schedules_come_in_a_row) {
    const ScheduleSpec spec = combined(Combination::product, {patient_plateau(), drawn_by("constant"), patient_plateau()});
    const BoundSchedule both(SchedulePlugins(shipped(), spec), spec, 1, {10, 1}, 0);
    const ScheduleSpec one = patient_plateau();
    const BoundSchedule alone(SchedulePlugins(shipped(), one), one, 1, {10, 1}, 0);
    std::vector<double> twice(alone.state().begin(), alone.state().end());
    BOOST_TEST(!twice.empty());
    twice.insert(twice.end(), alone.state().begin(), alone.state().end());
    BOOST_TEST(both.state() == twice, tt::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(shaping)

BOOST_AUTO_TEST_CASE(scale_multiplies_and_a_warm_up_leads_to_what_it_gives) {
    ScheduleSpec spec = scaled(0.5, drawn_by("constant"));
    check(spec, {2, 2}, {.5, .5});
    spec.warmup = WarmupSpec{updates(2)};
    check(spec, {4, 4}, {.25, .5, .5, .5});
}

BOOST_AUTO_TEST_CASE(clip_holds_absolute_rates_and_the_warm_up_too) {
    check(clipped({0.02, 0.05}, falling()), {5, 5}, {.5, .5, .5, .25, .2}, 0.1);
    check(clipped({0.02, {}}, falling()), {5, 5}, {1, .75, .5, .25, .2}, 0.1);
    ScheduleSpec warmed = clipped({0.3, {}}, drawn_by("constant"));
    warmed.warmup = WarmupSpec{updates(4)};
    check(warmed, {5, 5}, {.3, .5, .75, 1, 1});
}

BOOST_AUTO_TEST_CASE(delay_holds_the_first_value_and_leaves_the_rest_of_the_time) {
    ScheduleSpec spec = delayed(Duration{2, TimeUnit::epochs}, falling());
    check(spec, {8, 2}, {1, 1, 1, 1, 1, 2. / 3, 1. / 3, 0});
    spec.shaping.delay = updates(1);
    spec.warmup = WarmupSpec{updates(2)};
    check(spec, {6, 6}, {.5, 1, 1, 1, .5, 0});
}

BOOST_AUTO_TEST_CASE(quantize_holds_the_value_of_every_nth_update) {
    ScheduleSpec spec = quantized(updates(2), halving());
    check(spec, {5, 5}, {1, 1, .25, .25, .0625});
    spec.shaping.quantize = Duration{1, TimeUnit::epochs};
    check(spec, {6, 3}, {1, 1, 1, .125, .125, .125});
    BoundSchedule schedule(SchedulePlugins(shipped(), spec), spec, 1, {6, 3}, 0);
    BOOST_TEST(schedule.factor(5) == .125);
    BOOST_TEST(schedule.factor(1) == 1);  // in any order
}

BOOST_AUTO_TEST_CASE(repeat_begins_again_after_each_period) {
    RepeatSpec repeat;
    repeat.period = updates(3);
    check(repeated(repeat, falling()), {7, 7}, {1, .5, 0, 1, .5, 0, 1});
    repeat.mirror = true;
    check(repeated(repeat, falling()), {7, 7}, {1, .5, 0, 0, .5, 1, 1});
    repeat.count = 2;
    check(repeated(repeat, falling()), {8, 8}, {1, .5, 0, 0, .5, 1, 1, 1});
}

BOOST_AUTO_TEST_CASE(cycles_become_longer_and_lower) {
    RepeatSpec repeat;
    repeat.period = updates(2);
    repeat.length_factor = 1.5;
    repeat.amplitude_factor = 0.5;
    // 2, 3 and 4.5, that is 5, updates.
    check(repeated(repeat, falling()), {12, 12},
          {1, 0, .5, .25, 0, .25, .1875, .125, .0625, 0, .125, .125 * 5 / 6});
    repeat.count = 2;
    check(repeated(repeat, falling()), {7, 7}, {1, 0, .5, .25, 0, 0, 0});
}

BOOST_AUTO_TEST_CASE(times_beyond_any_run_are_legal) {
    check(delayed(updates(1e300), falling()), {2, 2}, {1, 1});
    check(quantized(updates(1e300), halving()), {3, 3}, {1, 1, 1});
    check(combined(Combination::sequence, {lasting(updates(1e300), halving()), falling()}), {3, 3}, {1, .5, .25});
    RepeatSpec repeat;
    repeat.period = updates(1);
    repeat.length_factor = 1e300;
    check(repeated(repeat, halving()), {4, 4}, {1, 1, .5, .25});
}

BOOST_AUTO_TEST_CASE(too_many_cycles_of_different_lengths_are_refused) {
    RepeatSpec repeat;
    repeat.period = updates(1);
    repeat.length_factor = 1.0000001;
    const ScheduleSpec spec = repeated(repeat, falling());
    BOOST_TEST(message_of([&] { factors_of(spec, {100'000, 100}); }) ==
               "repeat: more than 10000 cycles of different lengths | a longer period, or a length_factor further above 1 than 1.0000001");
}

BOOST_AUTO_TEST_CASE(the_order_is_repeat_delay_scale_warm_up_clip) {
    RepeatSpec repeat;
    repeat.period = updates(2);
    ScheduleSpec spec = clipped({0.1, 0.6}, scaled(0.8, delayed(updates(1), repeated(repeat, falling()))));
    spec.warmup = WarmupSpec{updates(2)};
    // 1 | 1 0 | 1 0 times .8, behind .4 .8, within .1 and .6
    check(spec, {7, 7}, {.4, .6, .6, .6, .1, .6, .1});
}

BOOST_AUTO_TEST_SUITE_END()
