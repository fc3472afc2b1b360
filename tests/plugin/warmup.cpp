// Warm-up in its three modes and four shapes. The numbers of the book's schedule (D2L: 5 epochs up from 0, then 15 of cosine from 0.3 to
// 0.01) were worked out by hand, not by the code under test.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <map>

#include "fixtures.hpp"

using namespace etude;
using namespace etude::test;
namespace tt = boost::test_tools;

namespace {

constexpr double base = 0.3;
const RunLength book_run{60, 2};  // 30 epochs of 2 updates

ScheduleSpec book_spec(WarmupMode mode, Ends ends, Ends warmup_ends) {
    ScheduleSpec spec = schedule_spec(schedule_fixture("half_cosine"), {{"end", 0.01}, {"length", Duration{15, TimeUnit::ticks}}}, base);
    spec.unit = ScheduleUnit::epoch;
    spec.ends = ends;
    spec.warmup = WarmupSpec{{5, TimeUnit::epochs}, 0, WarmupShape::linear, warmup_ends, mode};
    return spec;
}

/// Both updates of an epoch must have the rate that the table says.
void check_book(const ScheduleSpec& spec, const std::map<int, double>& rates) {
    const std::vector<double> all = factors(schedule_fixture("half_cosine"), spec, book_run, base);
    for (const auto& [epoch, rate] : rates)
        for (const int update : {2 * epoch, 2 * epoch + 1})
            BOOST_TEST_CONTEXT("epoch " << epoch) BOOST_TEST(all[static_cast<std::size_t>(update)] * base == rate, tt::tolerance(1e-6));
}

/// The factors of a half cosine over a run of 10 updates with the given warm-up of 4.
std::vector<double> warmed(WarmupShape shape, double from, Ends ends = Ends::shifted, WarmupMode mode = WarmupMode::prefix) {
    const Plugin& plugin = schedule_fixture("half_cosine");
    ScheduleSpec spec = schedule_spec(plugin);
    spec.warmup = WarmupSpec{{4, TimeUnit::updates}, from, shape, ends, mode};
    return factors(plugin, spec, {10, 5});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(warm_up)

BOOST_AUTO_TEST_CASE(the_books_schedule_with_the_ramp_before) {
    check_book(book_spec(WarmupMode::prefix, Ends::half_open, Ends::half_open), {{0, 0},
                                                                                 {1, .06},
                                                                                 {2, .12},
                                                                                 {3, .18},
                                                                                 {4, .24},
                                                                                 {5, .3},
                                                                                 {6, .2968314},
                                                                                 {7, .2874641},
                                                                                 {10, .2275},
                                                                                 {12, .1701566},
                                                                                 {15, .0825},
                                                                                 {19, .0131686},
                                                                                 {20, .01},
                                                                                 {25, .01},
                                                                                 {29, .01}});
}
BOOST_AUTO_TEST_CASE(the_books_schedule_with_the_ramp_over) {
    check_book(book_spec(WarmupMode::overlay, Ends::half_open, Ends::half_open), {{0, 0},
                                                                                  {1, .06},
                                                                                  {2, .12},
                                                                                  {3, .18},
                                                                                  {4, .24},
                                                                                  {5, .2275},
                                                                                  {6, .1998075},
                                                                                  {7, .1701566},
                                                                                  {10, .0825},
                                                                                  {12, .0376925},
                                                                                  {15, .01},
                                                                                  {29, .01}});
}
BOOST_AUTO_TEST_CASE(the_books_schedule_times_the_ramp) {
    check_book(book_spec(WarmupMode::product, Ends::half_open, Ends::half_open), {{0, 0},
                                                                                  {1, .0593663},
                                                                                  {2, .1149856},
                                                                                  {3, .1633845},
                                                                                  {4, .2016192},
                                                                                  {5, .2275},
                                                                                  {6, .1998075},
                                                                                  {7, .1701566},
                                                                                  {10, .0825},
                                                                                  {12, .0376925},
                                                                                  {15, .01},
                                                                                  {29, .01}});
}
BOOST_AUTO_TEST_CASE(the_default_ends_waste_no_update_and_reach_both_ends) {
    check_book(book_spec(WarmupMode::prefix, Ends::closed, Ends::shifted), {{0, .06},
                                                                            {1, .12},
                                                                            {2, .18},
                                                                            {3, .24},
                                                                            {4, .3},
                                                                            {5, .3},
                                                                            {6, .2963645},
                                                                            {7, .2856405},
                                                                            {10, .2179131},
                                                                            {12, .155},
                                                                            {15, .0645940},
                                                                            {19, .01},
                                                                            {29, .01}});
}
BOOST_AUTO_TEST_CASE(with_everything_at_its_default_the_end_falls_on_the_last_update) {
    const Plugin& plugin = schedule_fixture("half_cosine");
    ScheduleSpec spec = schedule_spec(plugin, {{"end", 0.01}}, base);
    spec.warmup = WarmupSpec{{10, TimeUnit::updates}};
    const std::vector<double> all = factors(plugin, spec, book_run, base);
    const std::map<std::size_t, double> rates{{0, .03}, {1, .06}, {9, .3}, {10, .3}, {35, .1503525}, {59, .01}};
    for (const auto& [update, rate] : rates) BOOST_TEST_CONTEXT("update " << update) BOOST_TEST(all[update] * base == rate, tt::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(the_shapes) {
    const auto ramp = [](WarmupShape shape, double from, Ends ends = Ends::shifted) {
        auto all = warmed(shape, from, ends);
        all.resize(5);
        return all;
    };
    using List = std::vector<double>;
    const auto near = tt::tolerance(1e-12);
    BOOST_TEST(ramp(WarmupShape::linear, 0.2) == (List{.4, .6, .8, 1, 1}), near << tt::per_element());
    BOOST_TEST(ramp(WarmupShape::constant, 0.2) == (List{.2, .2, .2, .2, 1}), near << tt::per_element());
    BOOST_TEST(
        ramp(WarmupShape::cosine, 0.2, Ends::half_open) == (List{.2, .2 + .8 * (1 - std::sqrt(.5)) / 2, .6, .2 + .8 * (1 + std::sqrt(.5)) / 2, 1}),
        near << tt::per_element());
    BOOST_TEST(ramp(WarmupShape::exponential, 0.0001) == (List{.001, .01, .1, 1, 1}), near << tt::per_element());
    BOOST_TEST(ramp(WarmupShape::linear, 0, Ends::closed) == (List{0, 1. / 3, 2. / 3, 1, 1}), near << tt::per_element());
}

BOOST_AUTO_TEST_CASE(an_exponential_ramp_cannot_begin_at_0) {
    BOOST_TEST(message_of([] { warmed(WarmupShape::exponential, 0); }) ==
               "warm-up: an exponential ramp cannot go from 0 to 1 | both must be above 0: write warmup: {from: ...}");
}

BOOST_AUTO_TEST_CASE(a_constant_ramp_in_the_other_modes) {
    const std::vector<double> plain = factors(schedule_fixture("half_cosine"), schedule_spec(schedule_fixture("half_cosine")), {10, 5});
    const std::vector<double> over = warmed(WarmupShape::constant, 0.5, Ends::shifted, WarmupMode::overlay);
    const std::vector<double> times = warmed(WarmupShape::constant, 0.5, Ends::shifted, WarmupMode::product);
    for (std::size_t i = 0; i < 10; ++i) {
        BOOST_TEST(over[i] == (i < 4 ? 0.5 : plain[i]));
        BOOST_TEST(times[i] == (i < 4 ? 0.5 * plain[i] : plain[i]));
    }
}

BOOST_AUTO_TEST_CASE(a_length_is_rounded_up_to_whole_updates_and_its_fractions_are_of_the_run) {
    const auto taken = [](Duration length, ScheduleUnit unit) {  // updates at `from`
        const Plugin& plugin = schedule_fixture("half_cosine");
        ScheduleSpec spec = schedule_spec(plugin);
        spec.unit = unit;
        spec.warmup = WarmupSpec{length, 0.25, WarmupShape::constant};
        const auto all = factors(plugin, spec, {100, 10});
        return std::count(all.begin(), all.begin() + 60, 0.25);
    };
    BOOST_TEST(taken({0.055, TimeUnit::fraction}, ScheduleUnit::update) == 6);
    BOOST_TEST(taken({0.07, TimeUnit::fraction}, ScheduleUnit::update) == 7);
    BOOST_TEST(taken({0.55, TimeUnit::epochs}, ScheduleUnit::update) == 6);
    BOOST_TEST(taken({3, TimeUnit::ticks}, ScheduleUnit::update) == 3);
    BOOST_TEST(taken({3, TimeUnit::ticks}, ScheduleUnit::epoch) == 30);
    BOOST_TEST(taken({0, TimeUnit::updates}, ScheduleUnit::update) == 0);
}

BOOST_AUTO_TEST_CASE(a_ramp_longer_than_the_run_still_leads_to_the_beginning_of_the_schedule) {
    const Plugin& plugin = schedule_fixture("half_cosine");
    ScheduleSpec spec = schedule_spec(plugin);
    spec.warmup = WarmupSpec{{20, TimeUnit::updates}};
    const std::vector<double> all = factors(plugin, spec, {4, 2});
    BOOST_TEST(all == (std::vector<double>{.05, .1, .15, .2}), tt::tolerance(1e-12) << tt::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(watching_schedules)

namespace {
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr Metrics unknown{nan, nan, nan, nan, nan, nan};
}  // namespace

BOOST_AUTO_TEST_CASE(a_flat_metric_behind_a_warm_up_of_two_epochs) {
    const Plugin& plugin = schedule_fixture("watcher");
    ScheduleSpec spec = schedule_spec(plugin, {{"patience", std::int64_t{1}}});
    spec.unit = ScheduleUnit::epoch;
    spec.warmup = WarmupSpec{{2, TimeUnit::epochs}};
    BoundSchedule schedule(plugin, spec, 1, {30, 3}, 0);
    BOOST_TEST(schedule.observes());
    const std::vector<double> expected{.5, 1, 1, 1, 1, .1, .1, .01, .01, .001};
    for (std::uint64_t epoch = 0; epoch < 10; ++epoch) {
        for (std::uint64_t update = 3 * epoch; update < 3 * epoch + 3; ++update)
            BOOST_TEST_CONTEXT("epoch " << epoch) BOOST_TEST(schedule.factor(update) == expected[epoch], tt::tolerance(1e-12));
        schedule.observe(1.0, true, unknown, 3 * (epoch + 1), epoch + 1);
    }
    BOOST_TEST(schedule.state()[3] == 8);  // reports that ended inside the warm-up were not given
}

BOOST_AUTO_TEST_CASE(a_report_tells_what_the_plugin_needs) {
    const Plugin& plugin = schedule_fixture("watcher");
    ScheduleSpec spec = schedule_spec(plugin, {{"floor_ratio", 0.5}}, 0.2);
    spec.unit = ScheduleUnit::epoch_frac;
    BoundSchedule schedule(plugin, spec, 0.2, {30, 4}, 0);
    schedule.observe(0.9, false, unknown, 4, 1);
    schedule.observe(0.8, false, unknown, 6, 1);
    schedule.observe(0.7, false, unknown, 8, 2);
    const std::vector<double> expected{0.5, -0.9, 0, 3, 0.5, 0.2, 0.9, 0.8, 0.7};  // factor best bad reports ticks base_lr last[3]
    BOOST_TEST(schedule.state() == expected, tt::per_element());
    BOOST_TEST(schedule.factor(8) == 0.5);  // the floor, and effective from the next update
}

BOOST_AUTO_TEST_CASE(a_schedule_that_does_not_watch_ignores_reports) {
    const Plugin& plugin = schedule_fixture("half_cosine");
    BoundSchedule schedule(plugin, schedule_spec(plugin), 1, {10, 5}, 0);
    BOOST_TEST(!schedule.observes());
    const double before = schedule.factor(5);
    schedule.observe(1, true, unknown, 5, 1);
    BOOST_TEST(schedule.factor(5) == before);
    BOOST_TEST(schedule.state().empty());
}

BOOST_AUTO_TEST_SUITE_END()
