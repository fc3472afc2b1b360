// Schedules against recorded tables (oracles/make_tables.py): PyTorch's own schedulers and other frameworks' formulas in double.
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "plugins/schedule_rows.hpp"

using namespace etude;
using namespace etude::test;

namespace {

constexpr double tolerance = 1e-12;  // of the base rate

/// Updates at which the rate is another than before.
std::vector<std::uint64_t> changes(const std::vector<double>& all) {
    std::vector<std::uint64_t> updates;
    for (std::size_t i = 1; i < all.size(); ++i)
        if (all[i] != all[i - 1]) updates.push_back(i);
    return updates;
}

std::vector<std::uint64_t> changes(const char* name, RunLength length, std::string_view time, std::string_view settings) {
    Registry registry = shipped_plugins();
    const Plugin& plugin = registry.require(PluginKind::schedule, name);
    return changes(rates_of(plugin, schedule_spec(plugin, "", 0.1, time_of(time), settings), 0.1, length));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(schedule_tables)

BOOST_AUTO_TEST_CASE(every_schedule_follows_its_reference_in_every_update) {
    Registry registry = shipped_plugins();
    const Table table = read_table_file("schedules.csv");
    double worst = 0;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const auto [label, plugin, base, spec, length, expected] = schedule_row(table, row, registry);
        const std::vector<double> got = rates_of(plugin, spec, base, length);
        BOOST_REQUIRE_EQUAL(expected.size(), got.size());
        for (std::size_t update = 0; update < expected.size(); ++update) {
            const double error = std::abs(got[update] - expected[update]) / base;
            BOOST_TEST(error <= tolerance, label << ", update " << update << ": " << got[update] << " instead of " << expected[update]);
            worst = std::max(worst, error);
        }
    }
    BOOST_TEST_MESSAGE(table.rows.size() << " runs, at most " << worst << " of the base off");
    BOOST_TEST(table.rows.size() >= 110);
}

BOOST_AUTO_TEST_CASE(a_decay_of_a_tenth_is_3_1e_5_at_update_3199_as_in_the_tutorial) {
    Registry registry = shipped_plugins();
    const Plugin& plugin = registry.require(PluginKind::schedule, "inverse_time");
    const std::vector<double> all = rates_of(plugin, schedule_spec(plugin, "keras2", 0.01, {}, "k=0.1"), 0.01, {3200, 16});
    BOOST_TEST(all[0] == 0.01);
    BOOST_TEST(std::abs(all[3199] - 0.01 / 320.9) < 1e-12 * 0.01);
}

BOOST_AUTO_TEST_CASE(thresholds_fall_on_the_tick_itself_in_every_unit) {
    struct Case { const char *name, *time, *settings; std::vector<std::uint64_t> expected; };
    const RunLength length{.updates = 100, .per_epoch = 10};
    for (const Case& c : std::vector<Case>{
             {"multi_step", "", "milestones=0.07fraction 0.29fraction 0.55fraction", {7, 29, 55}},
             {"multi_step", "unit=fraction", "milestones=0.07 0.29 0.55 0.57", {7, 29, 55, 57}},
             {"multi_step", "unit=epoch_frac", "milestones=0.7 2.9 5.5", {7, 29, 55}},
             {"multi_step", "unit=epoch", "milestones=1 7 9", {10, 70, 90}},
             {"multi_step", "", "milestones=12updates 1.5epochs 90updates", {12, 15, 90}},
             {"multi_step", "unit=epoch", "milestones=15updates", {20}},
             {"step", "unit=fraction", "size=0.1", {10, 20, 30, 40, 50, 60, 70, 80, 90}},
             {"step", "unit=epoch_frac", "size=2.3;gamma=0.5", {23, 46, 69, 92}},
             {"step", "", "size=3epochs;gamma=0.5", {30, 60, 90}},
             {"exponential", "unit=fraction", "rate=0.5;every=0.3;staircase=true", {30, 60, 90}},
             {"exponential", "", "rate=0.5;every=3epochs;staircase=true;begin=5updates", {35, 65, 95}},
             {"inverse_time", "unit=fraction", "k=1;every=0.07;staircase=true", {7, 14, 21, 28, 35, 42, 49, 56, 63, 70, 77, 84, 91, 98}},
             {"piecewise_constant", "unit=fraction", "boundaries=0.07 0.55;scales=0.5 0.5", {7, 55}},
             {"piecewise_constant", "unit=fraction", "boundaries=0.07 0.55;scales=0.5 0.5;boundary=before", {8, 56}},
             {"piecewise_constant", "unit=epoch", "boundaries=3;scales=0.5;boundary=before", {40}}})
        BOOST_TEST(changes(c.name, length, c.time, c.settings) == c.expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_worked_warm_up_of_the_tutorial_is_a_line_per_epoch) {
    Registry registry = shipped_plugins();
    const Plugin& plugin = registry.require(PluginKind::schedule, "linear");
    const std::vector<double> all = rates_of(plugin, schedule_spec(plugin, "", 0.005, time_of("unit=epoch"), "length=5;end=0.01"), 0.005, {10, 2});
    const std::vector<double> expected{0.005, 0.005, 0.00625, 0.00625, 0.0075, 0.0075, 0.00875, 0.00875, 0.01, 0.01};
    for (std::size_t i = 0; i < all.size(); ++i) BOOST_TEST(std::abs(all[i] - expected[i]) < 1e-15, "update " << i);
}

BOOST_AUTO_TEST_CASE(a_polynomial_that_cycles_with_closed_ends_reaches_the_end_each_time) {
    Registry registry = shipped_plugins();
    const Plugin& plugin = registry.require(PluginKind::schedule, "polynomial");
    const std::vector<double> all = rates_of(plugin, schedule_spec(plugin, "", 1.0, {}, "length=5;cycle=true"), 1.0, {14, 1});
    const std::vector<double> expected{1, 0.75, 0.5, 0.25, 0, 3. / 8, 2. / 8, 1. / 8, 0, 3. / 12, 2. / 12, 1. / 12, 0, 3. / 16};
    for (std::size_t i = 0; i < all.size(); ++i) BOOST_TEST(std::abs(all[i] - expected[i]) < 1e-15, "update " << i << ": " << all[i]);
}

BOOST_AUTO_TEST_CASE(a_cycle_whose_end_is_rounded_up_still_ends_there) {
    Registry registry = shipped_plugins();
    const Plugin& plugin = registry.require(PluginKind::schedule, "polynomial");
    const ScheduleSpec spec = schedule_spec(plugin, "", 1.0, time_of("unit=epoch_frac;ends=half_open"), "length=0.7;cycle=true");
    const std::vector<double> all = rates_of(plugin, spec, 1.0, {30, 10});
    BOOST_TEST(std::abs(all[21]) < 1e-12);  // 2.1 / .7 is 3.0000000000000004
    BOOST_TEST(std::abs(all[22] - (1 - 22.0 / 28)) < 1e-12);
}

BOOST_AUTO_TEST_SUITE_END()
