// greedy, slope_test and bold_driver against machines written independently (oracles/make_catalogue_schedules.py) over recorded metrics.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <set>

#include "base/text.hpp"
#include "plugins/harness.hpp"

using namespace etude;
using namespace etude::test;

namespace {

constexpr Metrics unknown{NAN, NAN, NAN, NAN, NAN, NAN};

ScheduleSpec watching_spec(const Plugin& plugin, std::string_view preset, double base, std::string_view settings) {
    ScheduleSpec spec = schedule_spec(plugin, preset, base, {}, settings);
    spec.monitor = MonitorSpec{.metric = "test_loss", .every_updates = 0};
    return spec;
}

/// The rate after each report, one after every update.
std::vector<double> rates(const char* name, std::string_view settings, const std::vector<double>& metrics, double base = 0.1,
                          bool smaller_is_better = true, std::string_view preset = "") {
    Registry registry = shipped_plugins();
    const Plugin& plugin = registry.require(PluginKind::schedule, name);
    BoundSchedule schedule(plugin, watching_spec(plugin, preset, base, settings), base, {metrics.size() + 1, 1}, 0);
    std::vector<double> all;
    for (std::size_t i = 0; i < metrics.size(); ++i) {
        schedule.observe(metrics[i], smaller_is_better, unknown, i + 1, i + 1);
        all.push_back(base * schedule.factor(i + 1));
    }
    return all;
}

std::size_t changes(const std::vector<double>& all) {
    std::size_t count = 0;
    for (std::size_t i = 1; i < all.size(); ++i) count += all[i] != all[i - 1];
    return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(catalogue_watching)

BOOST_AUTO_TEST_CASE(every_machine_follows_its_model_report_by_report) {
    const etude::test::Table table = read_table_file("catalogue_watching.csv");
    std::map<std::string, std::size_t> moves;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const std::string name = table.at(row, "schedule"), label = "case " + table.at(row, "case") + ": " + name + " " + table.at(row, "parameters");
        const double base = parse_real(table.at(row, "lr")).value();
        const std::vector<double> expected = reals(table.at(row, "rates")), metrics = reals(table.at(row, "metrics"));
        const std::vector<double> got = rates(name.c_str(), table.at(row, "parameters"), metrics, base, table.at(row, "mode") == "min",
                                              table.at(row, "preset"));
        for (std::size_t i = 0; i < expected.size(); ++i)
            BOOST_TEST(std::abs(got[i] - expected[i]) <= 1e-12 * std::max(base, expected[i]),
                       label << ", report " << i << ": " << got[i] << " instead of " << expected[i]);
        moves[name] += changes(expected);
    }
    for (const char* name : {"greedy", "slope_test", "bold_driver"}) BOOST_TEST(moves[name] > 20u, name << " hardly moves in the recordings");
}

BOOST_AUTO_TEST_CASE(nothing_moves_before_the_first_report) {
    Registry registry = shipped_plugins();
    for (const auto& [name, settings] : {std::pair{"greedy", "max=1"}, {"slope_test", "threshold=5"}, {"bold_driver", ""}}) {
        const Plugin& plugin = registry.require(PluginKind::schedule, name);
        BoundSchedule schedule(plugin, watching_spec(plugin, "", 0.1, settings), 0.1, {100, 10}, 0);
        BOOST_TEST(schedule.observes(), name);
        for (std::uint64_t update = 0; update < 100; ++update) BOOST_TEST(schedule.factor(update) == 1.0, name);
    }
}

BOOST_AUTO_TEST_CASE(greedy_takes_a_margin_from_the_size_of_a_negative_best) {
    std::vector<double> metrics;
    for (int i = 0; i < 40; ++i) metrics.push_back(-1.0 + 1e-6 * i);  // ever so slightly worse
    const std::vector<double> all = rates("greedy", "max=1;patience=3;window=1;factor=0.5", metrics);
    BOOST_TEST(all.back() < 0.1);
}

BOOST_AUTO_TEST_CASE(greedy_treats_nan_as_it_is_told) {
    const std::vector<double> metrics{1.0, NAN, NAN, NAN, 0.9};
    BOOST_TEST(rates("greedy", "max=1;patience=2;window=1;factor=0.5", metrics)[3] == 0.05);
    BOOST_TEST(rates("greedy", "max=1;patience=2;window=1;factor=0.5;on_nan=ignore", metrics).back() == 0.1);
    BOOST_CHECK_EXCEPTION(rates("greedy", "max=1;on_nan=abort", metrics), PluginFailure, [](const PluginFailure& failure) {
        return std::string(failure.what()) == "schedule 'greedy' failed at the report after update 2: the monitored metric is NaN";
    });
}

BOOST_AUTO_TEST_CASE(greedy_never_leaves_its_floor_and_ceiling) {
    std::vector<double> falls, stands(300, 1.0);
    for (int i = 0; i < 300; ++i) falls.push_back(std::exp(-0.1 * i));
    BOOST_TEST(rates("greedy", "max=0.3;patience=1;window=1", falls).back() == 0.3);
    BOOST_TEST(rates("greedy", "max=0.3;patience=1;window=1;floor=0.004", stands).back() == 0.004);
}

BOOST_AUTO_TEST_CASE(a_flat_metric_fires_the_slope_test_once_more_than_threshold_reports_are_there) {
    const std::vector<double> all = rates("slope_test", "threshold=4;factor=0.5", std::vector<double>(12, 0.7));
    BOOST_TEST(all == (std::vector<double>{0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_falling_metric_never_fires_the_slope_test_and_a_broken_report_is_left_out) {
    std::vector<double> metrics;
    for (int i = 0; i < 200; ++i) metrics.push_back(i % 7 == 3 ? NAN : 1.0 / (i + 1.0));
    BOOST_TEST(rates("slope_test", "threshold=5", metrics).back() == 0.1);
}

BOOST_AUTO_TEST_CASE(a_spike_delays_the_slope_test_only_for_the_count_that_keeps_it) {
    // A line through a spike long ago falls; without the largest tenth it is flat. Both counts must exceed the threshold.
    std::vector<double> metrics(30, 1.0);
    metrics[1] = 50.0;
    const std::vector<double> all = rates("slope_test", "threshold=20;p=0.51", metrics);
    BOOST_TEST(changes(all) == 1u);
    BOOST_TEST(all[20] == 0.1);
    BOOST_TEST(all[22] == 0.01, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(the_slope_test_remembers_no_more_than_its_ring_holds) {
    std::vector<double> metrics;
    for (int i = 0; i < 1500; ++i) metrics.push_back(2000.0 - i);
    for (int i = 0; i < 1100; ++i) metrics.push_back(500.0);
    const std::vector<double> all = rates("slope_test", "threshold=1023", metrics);
    BOOST_TEST(all[1500 + 1022] == 0.1);  // 1023 flat ones and the last that was higher
    BOOST_TEST(all[1500 + 1023] == 0.01, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(bold_driver_compares_with_the_report_before_and_undoes_nothing) {
    const std::vector<double> all = rates("bold_driver", "", {1.0, 0.9, 2.0, 1.5, 1.5}, 1.0);
    const std::vector<double> expected{1.0, 1.05, 0.525, 0.525 * 1.05, 0.525 * 1.05};
    for (std::size_t i = 0; i < expected.size(); ++i) BOOST_TEST(all[i] == expected[i], boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_SUITE_END()
