// The plateau machine against PyTorch's own and line-by-line models of Keras, Optax and fastai (oracles/make_tables.py); then its own rules.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "base/text.hpp"
#include "plugins/harness.hpp"

using namespace etude;
using namespace etude::test;

namespace {

constexpr Metrics unknown{NAN, NAN, NAN, NAN, NAN, NAN};

/// A plateau at work: base 1, one report after each epoch.
class Machine {
  public:
    Machine(std::string_view preset, std::string_view settings, double base = 1.0)
        : registry_(shipped_plugins()), plugin_(registry_.require(PluginKind::schedule, "plateau")),
          schedule_(plugin_, spec(preset, settings, base), base, {.updates = 1000, .per_epoch = 1}, 0) {}

    /// The factor after the report.
    double report(double metric, bool smaller_is_better = true) {
        ++epochs_;
        schedule_.observe(metric, smaller_is_better, unknown, epochs_, epochs_);
        return schedule_.factor(epochs_);
    }
    std::vector<double> report_all(const std::vector<double>& metrics, bool smaller_is_better = true) {
        std::vector<double> factors;
        for (const double metric : metrics) factors.push_back(report(metric, smaller_is_better));
        return factors;
    }

    /// A scalar of the machine by its name.
    double scalar(std::string_view name) const {
        const etude_table& table = *plugin_.table;
        for (std::size_t i = 0; i < table.n_scalars; ++i)
            if (name == table.scalars[i].name) return schedule_.state()[i];
        throw std::invalid_argument("plateau has no scalar of that name");
    }

  private:
    ScheduleSpec spec(std::string_view preset, std::string_view settings, double base) const {
        ScheduleSpec made = schedule_spec(plugin_, preset, base, {}, settings);
        made.monitor = MonitorSpec{.metric = "test_loss", .every_updates = 0};
        return made;
    }
    Registry registry_;
    const Plugin& plugin_;
    BoundSchedule schedule_;
    std::uint64_t epochs_ = 0;
};

/// Exponents of the cuts: 0 is the base, 2 is the base times factor squared.
std::vector<int> cuts(const std::vector<double>& factors, double factor) {
    std::vector<int> exponents;
    for (const double f : factors) exponents.push_back(static_cast<int>(std::lround(std::log(f) / std::log(factor))));
    return exponents;
}

std::vector<double> flat(std::size_t count) { return std::vector<double>(count, 0.5); }

}  // namespace

BOOST_AUTO_TEST_SUITE(plateau)

BOOST_AUTO_TEST_CASE(the_machines_of_four_frameworks_are_matched_for_all_patiences_and_cooldowns) {
    const Table table = read_table_file("plateau.csv");
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const std::string label =
            "case " + table.at(row, "case") + ": " + table.at(row, "preset") + " " + table.at(row, "parameters") + " " + table.at(row, "mode");
        Machine machine(table.at(row, "preset"), table.at(row, "parameters"));
        const std::vector<double> expected = reals(table.at(row, "rates"));
        const std::vector<double> got = machine.report_all(reals(table.at(row, "metrics")), table.at(row, "mode") == "min");
        BOOST_REQUIRE_EQUAL(expected.size(), got.size());
        for (std::size_t i = 0; i < expected.size(); ++i)
            BOOST_TEST(std::abs(got[i] - expected[i]) <= 1e-12, label << ", after report " << i << ": " << got[i] << " instead of " << expected[i]);
    }
    BOOST_TEST(table.rows.size() >= 300);
}

BOOST_AUTO_TEST_CASE(a_flat_metric_gives_the_rates_of_the_catalogue) {
    struct Case { const char *preset, *settings; std::vector<int> used; };  // cuts in force in epochs 0, 1, 2, ...
    for (const Case& c : std::vector<Case>{{"pytorch", "patience=2;cooldown=0", {0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3}},
                                           {"keras", "patience=2;cooldown=0", {0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4}},
                                           {"pytorch", "patience=2;cooldown=1", {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2}},
                                           {"keras", "patience=2;cooldown=1", {0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4}},
                                           {"pytorch", "patience=2;cooldown=2", {0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2}},
                                           {"keras", "patience=2;cooldown=2", {0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3}}}) {
        Machine machine(c.preset, c.settings);
        std::vector<double> used{1.0};
        for (const double factor : machine.report_all(flat(10))) used.push_back(factor);
        BOOST_TEST_CONTEXT(c.preset << " " << c.settings) BOOST_TEST(cuts(used, 0.1) == c.used, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_negative_metric_that_gets_no_better_brings_the_rate_down) {
    Machine machine("pytorch", "patience=1");
    const std::vector<double> factors = machine.report_all({-1.0, -1.00005, -0.99993, -0.9999, -0.9998});
    BOOST_TEST(cuts(factors, 0.1) == (std::vector<int>{0, 0, 1, 1, 2}), boost::test_tools::per_element());
    Machine improving("pytorch", "patience=0");
    BOOST_TEST(cuts(improving.report_all({-1.0, -1.001, -1.002}), 0.1) == (std::vector<int>{0, 0, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(both_margins_add_up) {
    Machine machine("", "patience=0;margin_abs=0.1;margin_rel=0.1");
    BOOST_TEST(machine.report(1.0) == 1.0);
    BOOST_TEST(machine.report(0.81) < 0.5);  // better would be below .8
    Machine better("", "patience=0;margin_abs=0.1;margin_rel=0.1");
    BOOST_TEST(better.report(1.0) == 1.0);
    BOOST_TEST(better.report(0.79) == 1.0);
}

BOOST_AUTO_TEST_CASE(a_floor_is_a_rate_and_is_met_exactly) {
    Machine machine("", "patience=0;floor=0.002", 0.1);
    machine.report(1.0);
    BOOST_TEST(std::abs(machine.report(1.0) - 0.1) < 1e-15);
    BOOST_TEST(0.1 * machine.report(1.0) == 0.002);
    BOOST_TEST(0.1 * machine.report(1.0) == 0.002);
    Machine above("", "patience=0;floor=0.5", 0.1);  // a floor above the base raises nothing
    above.report(1.0);
    BOOST_TEST(above.report(1.0) == 1.0);
}

BOOST_AUTO_TEST_CASE(at_the_floor_the_wait_and_the_rest_begin_anew_or_stay) {
    struct Case { const char* settings; double bad, rest; };
    for (const Case& c : std::vector<Case>{{"at_floor=reset", 0, 3}, {"at_floor=keep", 3, 0}}) {
        Machine machine("", std::string("patience=2;cooldown=3;floor_ratio=1;") + c.settings);
        machine.report_all(flat(4));
        BOOST_TEST(machine.scalar("bad") == c.bad, c.settings);
        BOOST_TEST(machine.scalar("rest") == c.rest, c.settings);
        BOOST_TEST(machine.scalar("factor") == 1.0, c.settings);
    }
}

BOOST_AUTO_TEST_CASE(a_cut_not_larger_than_eps_is_not_made) {
    Machine machine("pytorch", "patience=0", 1e-7);
    machine.report(1.0);
    BOOST_TEST(cuts({machine.report(1.0)}, 0.1)[0] == 1);  // 1e-7 to 1e-8
    BOOST_TEST(cuts({machine.report(1.0)}, 0.1)[0] == 1);  // 1e-8 to 1e-9 changes by 9e-9
    Machine keras("keras", "patience=0", 1e-7);
    BOOST_TEST(cuts(keras.report_all(flat(5)), 0.1) == (std::vector<int>{0, 1, 2, 3, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(smoothing_watches_a_running_mean) {
    Machine raw("", "patience=0;margin_rel=0");
    BOOST_TEST(cuts(raw.report_all({1.0, 0.5, 0.6, 0.4}), 0.1) == (std::vector<int>{0, 0, 1, 1}), boost::test_tools::per_element());
    Machine smooth("", "patience=0;margin_rel=0;smooth=0.5");  // means 1, .75, .675, .5375
    BOOST_TEST(cuts(smooth.report_all({1.0, 0.5, 0.6, 0.4}), 0.1) == (std::vector<int>{0, 0, 0, 0}), boost::test_tools::per_element());
    BOOST_TEST(cuts({smooth.report(0.54)}, 0.1)[0] == 1);  // .53875 is worse than .5375
}

BOOST_AUTO_TEST_CASE(a_metric_that_is_nan_is_bad_or_ignored_or_ends_the_run) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    Machine bad("", "patience=1");
    BOOST_TEST(cuts(bad.report_all({nan, nan, 1.0, 0.9}), 0.1) == (std::vector<int>{0, 1, 1, 1}), boost::test_tools::per_element());
    Machine ignore("", "patience=1;on_nan=ignore");
    const std::vector<double> ignored = ignore.report_all({1.0, nan, nan, nan, 1.0, 1.0});
    BOOST_TEST(cuts(ignored, 0.1) == (std::vector<int>{0, 0, 0, 0, 0, 1}), boost::test_tools::per_element());
    Machine smooth("", "patience=0;margin_rel=0;smooth=0.5");
    BOOST_TEST(cuts(smooth.report_all({1.0, nan, 0.9}), 0.1) == (std::vector<int>{0, 1, 1}), boost::test_tools::per_element());
    Machine abort("", "on_nan=abort");
    abort.report(1.0);
    BOOST_CHECK_EXCEPTION(abort.report(nan), PluginFailure, [](const PluginFailure& failure) {
        BOOST_TEST(failure.what() == "schedule 'plateau' failed at the report after update 2: the monitored metric is NaN");
        return true;
    });
}

BOOST_AUTO_TEST_CASE(infinite_metrics_are_compared_as_numbers) {
    const double infinite = std::numeric_limits<double>::infinity();
    Machine machine("", "patience=0");
    const std::vector<double> factors = machine.report_all({infinite, 1.0, infinite, -infinite, -infinite});
    BOOST_TEST(cuts(factors, 0.1) == (std::vector<int>{1, 1, 2, 2, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_is_refused) {
    Registry registry = shipped_plugins();
    const Plugin& plugin = registry.require(PluginKind::schedule, "plateau");
    const Resolution<ScheduleSpec> one = resolve_schedule(plugin, "", 1.0, {}, given_values(plugin, "factor=1"));
    BOOST_REQUIRE_EQUAL(one.problems.size(), 1);
    BOOST_TEST(one.problems[0].message == "factor = 1 is outside (0, 1)");
}

BOOST_AUTO_TEST_SUITE_END()
