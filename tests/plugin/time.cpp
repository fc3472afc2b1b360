// The rules of time: what a plugin's clock shows, whatever the study wrote.
#include <boost/test/unit_test.hpp>

#include "fixtures.hpp"

using namespace etude;
using namespace etude::test;
namespace tt = boost::test_tools;

namespace {

using List = std::vector<double>;

Duration updates(double n) { return {n, TimeUnit::updates}; }
Duration epochs(double n) { return {n, TimeUnit::epochs}; }
Duration share(double f) { return {f, TimeUnit::fraction}; }
Duration ticks(double n) { return {n, TimeUnit::ticks}; }

/// What the spy sees in each update of a run of 2 updates an epoch.
List seen(const std::string& what, ScheduleUnit unit, std::uint64_t run, Ends ends = Ends::closed, After after = After::hold,
          Duration length = share(1), Duration since = ticks(0)) {
    const Plugin& spy = schedule_fixture("spy");
    ScheduleSpec spec = schedule_spec(spy, {{"what", what}, {"length", length}, {"since", since}});
    spec.unit = unit;
    spec.ends = ends;
    spec.after = after;
    return factors(spy, spec, {run, 2}, 0.5);
}
double length_in(ScheduleUnit unit, Duration length, std::uint64_t run = 100, std::uint64_t per_epoch = 10) {
    const Plugin& spy = schedule_fixture("spy");
    ScheduleSpec spec = schedule_spec(spy, {{"what", std::string("length")}, {"length", length}});
    spec.unit = unit;
    return factors(spy, spec, {run, per_epoch}).front();
}
List milestones_passed(ScheduleUnit unit, const std::vector<Duration>& milestones, RunLength run) {
    const Plugin& spy = schedule_fixture("spy");
    ScheduleSpec spec = schedule_spec(spy, {{"what", std::string("milestones")}, {"milestones", milestones}});
    spec.unit = unit;
    return factors(spy, spec, run);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(time_of_schedules)

BOOST_AUTO_TEST_CASE(a_unit_gives_ticks_their_meaning) {
    BOOST_TEST(seen("x", ScheduleUnit::update, 5) == (List{0, 1, 2, 3, 4}), tt::per_element());
    BOOST_TEST(seen("x", ScheduleUnit::epoch, 5) == (List{0, 0, 1, 1, 2}), tt::per_element());
    BOOST_TEST(seen("x", ScheduleUnit::epoch_frac, 5) == (List{0, 0.5, 1, 1.5, 2}), tt::per_element());
    BOOST_TEST(seen("x", ScheduleUnit::fraction, 5) == (List{0, 0.2, 0.4, 0.6, 0.8}), tt::per_element());
    const auto first = [](const std::string& what, ScheduleUnit unit) { return seen(what, unit, 5).front(); };
    BOOST_TEST(first("tick", ScheduleUnit::update) == 1);
    BOOST_TEST(first("tick", ScheduleUnit::epoch) == 1);
    BOOST_TEST(first("tick", ScheduleUnit::epoch_frac) == 0.5);
    BOOST_TEST(first("tick", ScheduleUnit::fraction) == 0.2);
    BOOST_TEST(first("span", ScheduleUnit::update) == 5);
    BOOST_TEST(first("span", ScheduleUnit::epoch) == 2.5);
    BOOST_TEST(first("span", ScheduleUnit::fraction) == 1);
}

BOOST_AUTO_TEST_CASE(the_clock_knows_the_run) {
    const Plugin& spy = schedule_fixture("spy");
    const auto value = [&](const std::string& what, std::uint64_t update) {
        BoundSchedule schedule(spy, schedule_spec(spy, {{"what", what}}), 0.25, {6, 2}, 42);
        return schedule.factor(update);
    };
    BOOST_TEST(value("base_lr", 0) == 0.25);
    BOOST_TEST(value("total", 0) == 6);
    BOOST_TEST(value("seed", 0) == 42);
    BOOST_TEST(value("update", 4) == 4);
}

BOOST_AUTO_TEST_CASE(lengths_reach_the_plugin_in_ticks) {
    using enum ScheduleUnit;
    BOOST_TEST(length_in(update, ticks(7)) == 7);
    BOOST_TEST(length_in(update, updates(7)) == 7);
    BOOST_TEST(length_in(update, epochs(1.5)) == 15);
    BOOST_TEST(length_in(update, share(0.3)) == 30);
    BOOST_TEST(length_in(epoch, ticks(7)) == 7);
    BOOST_TEST(length_in(epoch, updates(7)) == 0.7);
    BOOST_TEST(length_in(epoch, epochs(1.5)) == 1.5);
    BOOST_TEST(length_in(epoch, share(0.25)) == 2.5);
    BOOST_TEST(length_in(epoch_frac, updates(25)) == 2.5);
    BOOST_TEST(length_in(fraction, updates(25)) == 0.25);
    BOOST_TEST(length_in(fraction, epochs(2)) == 0.2);
    BOOST_TEST(length_in(fraction, share(0.07)) == 0.07);
}

BOOST_AUTO_TEST_CASE(a_length_that_is_whole_but_for_rounding_is_whole) {
    BOOST_TEST(0.07 * 100 != 7.0);  // the trap: one update too late
    BOOST_TEST(length_in(ScheduleUnit::update, share(0.07)) == 7);
    BOOST_TEST(length_in(ScheduleUnit::update, epochs(0.07), 1000, 100) == 7);
    const List passed = milestones_passed(ScheduleUnit::update, {share(0.07), share(0.08)}, {100, 10});
    BOOST_TEST(passed[6] == 0);
    BOOST_TEST(passed[7] == 1);
    BOOST_TEST(passed[8] == 2);
}

BOOST_AUTO_TEST_CASE(ends_say_which_tick_sees_the_last_value) {
    using enum ScheduleUnit;
    const Duration four = ticks(4);
    BOOST_TEST(seen("position", update, 6, Ends::closed, After::hold, four) == (List{0, 1. / 3, 2. / 3, 1, 1, 1}), tt::per_element());
    BOOST_TEST(seen("position", update, 6, Ends::half_open, After::hold, four) == (List{0, .25, .5, .75, 1, 1}), tt::per_element());
    BOOST_TEST(seen("position", update, 6, Ends::shifted, After::hold, four) == (List{.25, .5, .75, 1, 1, 1}), tt::per_element());
    BOOST_TEST(seen("position", update, 3, Ends::closed, After::hold, ticks(0)) == (List{1, 1, 1}), tt::per_element());
    BOOST_TEST(seen("position", update, 3, Ends::closed, After::hold, ticks(1)) == (List{0, 1, 1}), tt::per_element());
    BOOST_TEST(seen("position", update, 4) == (List{0, 1. / 3, 2. / 3, 1}), tt::per_element());  // the whole run ends on its last update
    BOOST_TEST(seen("position", epoch_frac, 4) == (List{0, 1. / 3, 2. / 3, 1}), tt::per_element());
    BOOST_TEST(seen("position", ScheduleUnit::fraction, 5) == (List{0, .25, .5, .75, 1}), tt::tolerance(1e-15) << tt::per_element());
}

BOOST_AUTO_TEST_CASE(a_cycle_has_its_own_beginning) {
    const Duration three = ticks(3), two = ticks(2);
    BOOST_TEST(seen("cycle", ScheduleUnit::update, 6, Ends::closed, After::hold, three, two) == (List{0, 0, 0, .5, 1, 1}), tt::per_element());
    BOOST_TEST(seen("cycle", ScheduleUnit::update, 5, Ends::shifted, After::hold, three, two) == (List{0, 0, 1. / 3, 2. / 3, 1}), tt::per_element());
    BOOST_TEST(seen("periods", ScheduleUnit::update, 4, Ends::closed, After::hold, two) == (List{0, .5, 1, 1.5}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(after_the_end) {
    const auto after = [](After a, const std::string& what = "x") { return seen(what, ScheduleUnit::update, 7, Ends::half_open, a, ticks(3)); };
    BOOST_TEST(after(After::hold) == (List{0, 1, 2, 3, 4, 5, 6}), tt::per_element());
    BOOST_TEST(after(After::hold, "position") == (List{0, 1. / 3, 2. / 3, 1, 1, 1, 1}), tt::per_element());
    BOOST_TEST(after(After::zero, "span") == (List{7, 7, 7, 0, 0, 0, 0}), tt::per_element());
    BOOST_TEST(after(After::repeat) == (List{0, 1, 2, 0, 1, 2, 0}), tt::per_element());
    BOOST_TEST(after(After::extrapolate, "position") == (List{0, 1. / 3, 2. / 3, 1, 4. / 3, 5. / 3, 2}), tt::per_element());
    BOOST_TEST(message_of([&] { after(After::error); }) ==
               "schedule 'spy' ends after 3 of the 7 ticks it has | 'after: error' refuses that: ticks are of unit 'update'");
    BOOST_TEST(seen("x", ScheduleUnit::update, 3, Ends::closed, After::error) == (List{0, 1, 2}), tt::per_element());
    BOOST_TEST(message_of([] { seen("x", ScheduleUnit::update, 3, Ends::closed, After::repeat, ticks(0)); }) ==
               "schedule 'spy': a length of 0 cannot repeat | 'after: repeat' needs a length");
}

BOOST_AUTO_TEST_CASE(a_repeated_span_has_no_rounding_errors) {
    const Plugin& spy = schedule_fixture("spy");
    ScheduleSpec spec = schedule_spec(spy, {{"length", epochs(0.3)}});
    spec.unit = ScheduleUnit::epoch_frac;
    spec.after = After::repeat;
    const List x = factors(spy, spec, {3000, 10});
    for (std::size_t update = 0; update < x.size(); ++update) BOOST_TEST(x[update] == static_cast<double>(update % 3) / 10, tt::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(mixed_units_are_compared_once_the_run_is_known) {
    BOOST_TEST(milestones_passed(ScheduleUnit::update, {updates(2), epochs(2), share(0.5)}, {10, 2}) == (List{0, 0, 1, 1, 2, 3, 3, 3, 3, 3}),
               tt::per_element());
    BOOST_TEST(message_of([] {
                   milestones_passed(ScheduleUnit::update, {updates(2), epochs(2)}, {10, 1});
               }) == "milestones[1] = {epochs: 2} does not lie after milestones[0] = {updates: 2} in a run of this length | they are 2 and 2 ticks");
}

BOOST_AUTO_TEST_SUITE_END()
