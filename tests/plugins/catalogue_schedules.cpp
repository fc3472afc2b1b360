// The catalogue's other schedules against recorded tables (oracles/make_catalogue_schedules.py), and what tables cannot say.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <set>

#include "base/text.hpp"
#include "plugins/schedule_rows.hpp"

using namespace etude;
using namespace etude::test;

namespace {

constexpr double tolerance = 1e-12;  // of the base rate, or of the rate where that is larger

std::vector<double> rates(const char* name, std::string_view settings, double base, RunLength length, std::string_view time = "",
                          std::uint64_t seed = 0) {
    Registry registry = shipped_plugins();
    const Plugin& plugin = registry.require(PluginKind::schedule, name);
    return rates_of(plugin, schedule_spec(plugin, "", base, time_of(time), settings), base, length, seed);
}

std::string refusal(const char* name, const std::vector<GivenValue>& given) {
    Registry registry = shipped_plugins();
    const Resolution<ScheduleSpec> resolution = resolve_schedule(registry.require(PluginKind::schedule, name), "", 0.1, {}, given);
    return resolution.problems.size() == 1 ? resolution.problems[0].message : std::to_string(resolution.problems.size()) + " problems";
}

std::string refusal(const char* name, std::string_view settings) {
    Registry registry = shipped_plugins();
    return refusal(name, given_values(registry.require(PluginKind::schedule, name), settings));
}

/// The rate of an expression in the first update of a run of 10.
double value_of(const std::string& formula) {
    Registry registry = shipped_plugins();
    const Plugin& plugin = registry.require(PluginKind::schedule, "expression");
    const Resolution<ScheduleSpec> resolution = resolve_schedule(plugin, "", 0.5, {}, {{"formula", formula}});
    BOOST_REQUIRE_MESSAGE(resolution.problems.empty(), formula);
    return rates_of(plugin, resolution.spec, 0.5, {10, 5}).front();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(catalogue_schedules)

BOOST_AUTO_TEST_CASE(every_schedule_follows_its_reference_in_every_update) {
    Registry registry = shipped_plugins();
    const Table table = read_table_file("catalogue_schedules.csv");
    double worst = 0;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const auto [label, plugin, base, spec, length, expected] = schedule_row(table, row, registry);
        const std::vector<double> got = rates_of(plugin, spec, base, length);
        BOOST_REQUIRE_EQUAL(expected.size(), got.size());
        for (std::size_t update = 0; update < expected.size(); ++update) {
            const double error = std::abs(got[update] - expected[update]) / std::max(base, expected[update]);
            BOOST_TEST(error <= tolerance, label << ", update " << update << ": " << got[update] << " instead of " << expected[update]);
            worst = std::max(worst, error);
        }
    }
    BOOST_TEST_MESSAGE(table.rows.size() << " runs, at most " << worst << " off");
}

BOOST_AUTO_TEST_CASE(the_tables_have_every_schedule_of_the_catalogue_that_does_not_watch) {
    const Table table = read_table_file("catalogue_schedules.csv");
    std::set<std::string> there;
    for (std::size_t row = 0; row < table.rows.size(); ++row) there.insert(table.at(row, "schedule"));
    const std::set<std::string> expected{"chebyshev", "cosine_restarts", "cyclic", "expression", "flat_cos", "inverse_sqrt", "noam", "one_cycle",
                                         "one_cycle_geron", "piecewise_interpolate", "rex", "sgld_poly", "swa_anneal", "table", "tanh", "wsd"};
    BOOST_TEST(there == expected, boost::test_tools::per_element());
}

// ---- the off-by-one traps of the catalogue -------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(restarts_with_t_mult_3_fall_on_their_update_where_a_logarithm_is_one_late) {
    const std::vector<double> seven = rates("cosine_restarts", "first=7;t_mult=3", 1.0, {1000, 1}, "ends=half_open");
    for (const std::size_t restart : {0, 7, 28, 91, 280, 847}) BOOST_TEST(seven[restart] == 1.0, "first 7: update " << restart);
    const std::vector<double> ten = rates("cosine_restarts", "first=10;t_mult=3", 1.0, {1300, 1}, "ends=half_open");
    for (const std::size_t restart : {0, 10, 40, 130, 400, 1210}) BOOST_TEST(ten[restart] == 1.0, "first 10: update " << restart);
}

BOOST_AUTO_TEST_CASE(restarts_stay_whole_and_quick_over_a_million_cycles) {
    Registry registry = shipped_plugins();
    const Plugin& plugin = registry.require(PluginKind::schedule, "cosine_restarts");
    BoundSchedule endless(plugin, schedule_spec(plugin, "pytorch", 1.0, {}, "first=3"), 1.0, {3'000'000, 1}, 0);
    BOOST_TEST(endless.factor(2'999'997) == 1.0);
    BOOST_TEST(endless.factor(2'999'998) == 0.75, boost::test_tools::tolerance(1e-12));
    BoundSchedule slow(plugin, schedule_spec(plugin, "pytorch", 1.0, {}, "first=1;t_mult=1.0001"), 1.0, {3'000'000, 1}, 0);
    for (const std::uint64_t update : {0ull, 1ull, 2'999'999ull}) BOOST_TEST((slow.factor(update) >= 0.0 && slow.factor(update) <= 1.0));
}

BOOST_AUTO_TEST_CASE(a_first_cycle_of_two_ticks_never_reaches_the_floor_half_open_and_does_closed) {
    BOOST_TEST(rates("cosine_restarts", "first=2", 1.0, {4, 1}, "ends=half_open") == (std::vector<double>{1, 0.5, 1, 0.5}),
               boost::test_tools::per_element());
    BOOST_TEST(rates("cosine_restarts", "first=2", 1.0, {4, 1}) == (std::vector<double>{1, 0, 1, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_first_update_of_rex_runs_at_the_base) {
    BOOST_TEST(rates("rex", "", 0.3, {100, 1}).front() == 0.3);
}

BOOST_AUTO_TEST_CASE(one_cycle_holds_its_end_where_pytorch_goes_up_again) {
    const std::vector<double> all = rates("one_cycle", "max=1;length=10", 0.1, {13, 1});
    BOOST_TEST(all[9] == 4e-6, boost::test_tools::tolerance(1e-9));
    for (const std::size_t update : {10, 11, 12}) BOOST_TEST(all[update] == all[9]);
}

BOOST_AUTO_TEST_CASE(one_cycle_survives_a_rise_of_one_update) {
    const std::vector<double> all = rates("one_cycle", "max=1;pct=0.1", 0.1, {10, 1});
    BOOST_TEST(all.front() == 1.0);
    BOOST_TEST(all.back() == 4e-6, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(gamma_counts_the_updates_of_the_run_so_the_first_peak_is_lower) {
    const std::vector<double> all = rates("cyclic", "max=1;up=10;mode=exp_range;gamma=0.9", 0.1, {60, 1});
    BOOST_TEST(all[10] == 0.1 + 0.9 * std::pow(0.9, 10), boost::test_tools::tolerance(1e-12));
    BOOST_TEST(all[30] == 0.1 + 0.9 * std::pow(0.9, 30), boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(a_cycle_of_momentum_goes_down_where_the_rate_goes_up) {
    const std::vector<double> all = rates("cyclic", "max=0.8;up=5", 0.9, {20, 1});
    BOOST_TEST(all[5] == 0.8, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(all[10] == 0.9);
}

BOOST_AUTO_TEST_CASE(a_decay_that_does_not_fit_before_the_end_begins_with_the_run) {
    BOOST_TEST(rates("wsd", "decay=8;decay_shape=linear", 1.0, {4, 1}, "ends=half_open") == (std::vector<double>{1, 0.875, 0.75, 0.625}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_tanh_begins_and_ends_exactly_only_when_normalised) {
    const std::vector<double> plain = rates("tanh", "", 1.0, {100, 1}), exact = rates("tanh", "normalise=true", 1.0, {100, 1});
    BOOST_TEST(plain.front() < 1.0);
    BOOST_TEST(plain.back() == 0.002472623156634657, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(exact.front() == 1.0);
    BOOST_TEST(exact.back() == 0.0);
}

// ---- lengths, ends and what comes after ----------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(the_last_update_has_the_end_value_in_every_unit) {
    for (const char* unit : {"unit=update", "unit=epoch", "unit=epoch_frac", "unit=fraction"}) {
        BOOST_TEST(rates("rex", "end=0.25", 1.0, {40, 4}, unit).back() == 0.25, unit);
        BOOST_TEST(rates("flat_cos", "div_final=4", 1.0, {40, 4}, unit).back() == 0.25, unit);
        BOOST_TEST(rates("wsd", "decay=0.5fraction;end=0.25", 1.0, {40, 4}, unit).back() == 0.25, unit);
        BOOST_TEST(rates("cosine_restarts", "first=0.5fraction;end=0.25", 1.0, {40, 4}, unit).back() == 0.25, unit);
        BOOST_TEST(rates("piecewise_interpolate", "at=0updates 0.5fraction 1fraction;values=1 2 0.25", 1.0, {40, 4}, unit).back() == 0.25, unit);
        BOOST_TEST(rates("one_cycle", "max=1;div=2;final_div=2", 1.0, {40, 4}, unit).back() == 0.25, unit);
    }
}

BOOST_AUTO_TEST_CASE(what_has_a_span_repeats_or_ends_at_zero_after_it) {
    const std::vector<double> once = rates("rex", "", 1.0, {10, 1}), again = rates("rex", "length=10", 1.0, {25, 1}, "after=repeat");
    for (std::size_t update = 0; update < again.size(); ++update) BOOST_TEST(again[update] == once[update % 10], "update " << update);
    const std::vector<double> annealed = rates("swa_anneal", "swa_lr=0.5;anneal=4", 1.0, {8, 1}, "after=zero");
    BOOST_TEST(annealed[3] == 0.5);
    BOOST_TEST(annealed[4] == 0.0);
}

BOOST_AUTO_TEST_CASE(a_table_of_thousands_of_entries_gives_each_back_bit_by_bit) {
    std::string at = "0", values = "0.5";
    std::vector<double> expected{0.5};
    for (int update = 1; update < 3000; ++update) {
        expected.push_back(1.0 / (1.0 + update * 0.37));
        at += " " + std::to_string(update);
        values += " " + number(expected.back());
    }
    Registry registry = shipped_plugins();
    const Plugin& plugin = registry.require(PluginKind::schedule, "table");
    BoundSchedule schedule(plugin, schedule_spec(plugin, "", 0.5, {}, "at=" + at + ";values=" + values), 0.5, {3000, 10}, 0);
    for (std::uint64_t update = 0; update < 3000; ++update) BOOST_TEST(schedule.factor(update) == expected[update] / 0.5);
}

// ---- noise ---------------------------------------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(noise_is_the_same_for_a_seed_and_another_for_another) {
    const RunLength length{200, 10};
    BOOST_TEST(rates("noise", "", 0.1, length, "", 7) == rates("noise", "", 0.1, length, "", 7));
    BOOST_TEST(rates("noise", "", 0.1, length, "", 7) != rates("noise", "", 0.1, length, "", 8));
    BOOST_TEST(rates("noise", "", 0.1, length, "", 7) != rates("noise", "stream=1", 0.1, length, "", 7));
}

BOOST_AUTO_TEST_CASE(noise_stays_inside_its_limit_and_has_the_moments_of_its_distribution) {
    // The variance of a normal cut at the limit: 1 - 2 z phi(z) / (2 Phi(z) - 1), times std^2.
    struct Case { const char* settings; double limit, variance; };
    for (const Case& c : {Case{"kind=uniform;limit=0.3", 0.3, 0.03},
                          {"kind=normal;std=0.1;limit=0.67", 0.67, 0.01},
                          {"kind=normal;std=0.2;limit=0.3", 0.3, 0.0220699},
                          {"kind=normal;std=0.5;limit=0.3", 0.3, 0.0279245},
                          {"kind=normal;std=1000;limit=0.3", 0.3, 0.03}}) {
        const std::vector<double> all = rates("noise", c.settings, 1.0, {20000, 10}, "", 3);
        double sum = 0, squares = 0;
        for (const double rate : all) {
            BOOST_TEST(std::abs(rate - 1.0) < c.limit);
            sum += rate - 1.0;
            squares += (rate - 1.0) * (rate - 1.0);
        }
        // Five standard errors of 20000 draws.
        BOOST_TEST(std::abs(sum / 20000) < 5 * std::sqrt(c.variance / 20000), c.settings << ": mean " << sum / 20000);
        BOOST_TEST(std::abs(squares / 20000 / c.variance - 1) < 0.05, c.settings << ": variance " << squares / 20000);
    }
}

BOOST_AUTO_TEST_CASE(noise_is_confined_to_its_range_and_changes_once_a_tick) {
    const std::vector<double> all = rates("noise", "range=2 5", 1.0, {40, 4}, "unit=epoch", 1);
    for (std::size_t update = 0; update < all.size(); ++update) {
        const bool inside = update >= 8 && update < 20;
        BOOST_TEST((all[update] != 1.0) == inside, "update " << update);
        if (update % 4 != 0) BOOST_TEST(all[update] == all[update - 1], "update " << update);
    }
    const std::vector<double> open = rates("noise", "range=5", 1.0, {40, 4}, "", 1);
    for (std::size_t update = 0; update < open.size(); ++update) BOOST_TEST((open[update] != 1.0) == (update >= 5), "update " << update);
}

// ---- expressions ---------------------------------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_formula_has_the_functions_that_it_is_said_to_have) {
    struct Case { const char* formula; double value; };
    for (const Case& c : std::vector<Case>{
             {"lr0", 0.5}, {"T", 10}, {"E", 5}, {"t + x + q + e", 0}, {"pi", 3.14159265358979323846}, {"2^10", 1024}, {"1e-3", 1e-3},
             {"min(3, 1, 2)", 1}, {"max(3, 1, 2)", 3}, {"abs(-2)", 2}, {"sqrt(16)", 4}, {"exp(1)", std::exp(1.0)}, {"log(2)", std::log(2.0)},
             {"log2(8)", 3}, {"log10(1000)", 3}, {"pow(2, 3)", 8}, {"sin(pi / 2)", 1}, {"cos(0)", 1}, {"tan(0)", 0},
             {"atan(1) * 4", std::atan(1.0) * 4}, {"tanh(0.3)", std::tanh(0.3)}, {"floor(2.7)", 2}, {"ceil(2.1)", 3}, {"clip(7, 0, 3)", 3},
             {"clip(1, 2, 3)", 2}, {"step(0)", 1}, {"step(-0.1)", 0}, {"where(t < 3, 1, 2)", 1}, {"where(t > 3, 1, 2)", 2}, {"mod(7, 3)", 1},
             {"t == 0 && x <= 1 || 0", 1}, {"t != 0 ? 4 : 5", 5}})
        BOOST_TEST(value_of(c.formula) == c.value, boost::test_tools::tolerance(1e-15) << c.formula);
}

BOOST_AUTO_TEST_CASE(a_formula_that_cannot_be_is_refused_before_the_run) {
    struct Case { const char *formula, *message; };
    for (const Case& c : std::vector<Case>{
             {"lr0 * foo", "schedule 'expression': formula: unexpected token \"foo\" found at position 6"},
             {"lr0 *", "schedule 'expression': formula: unexpected end of expression at position 6"},
             {"(lr0", "schedule 'expression': formula: missing parenthesis"},
             {"", "schedule 'expression': formula: expression is empty"},
             {"lr0, t", "schedule 'expression': formula has more than one value"},
             {"exp()", "schedule 'expression': formula: too few parameters for function \"exp\" at expression position 4"}})
        BOOST_TEST(refusal("expression", {{"formula", std::string(c.formula)}}) == c.message);
}

BOOST_AUTO_TEST_CASE(a_formula_that_turns_negative_or_nan_is_found_with_its_update_before_the_run) {
    Registry registry = shipped_plugins();
    const Plugin& plugin = registry.require(PluginKind::schedule, "expression");
    const auto found = [&](const std::string& formula) {
        return check_schedule(plugin, resolve_schedule(plugin, "", 0.5, {}, {{"formula", formula}}).spec, 0.5, {100, 10}, 0)
            .error.value_or("nothing");
    };
    BOOST_TEST(found("lr0 * (1 - t / 64)") == "schedule 'expression': factor is -0.015625 at update 65");
    BOOST_TEST(found("lr0 * sqrt(30 - t)") == "schedule 'expression': factor is nan at update 31");
    BOOST_TEST(found("lr0 / (70 - t)") == "schedule 'expression': factor is inf at update 70");
    BOOST_TEST(found("lr0 * q") == "nothing");
    BOOST_TEST(found("lr0 * (1 - q)") == "nothing");
}

BOOST_AUTO_TEST_CASE(formulas_of_two_trials_do_not_meet) {
    Registry registry = shipped_plugins();
    const Plugin& plugin = registry.require(PluginKind::schedule, "expression");
    const ScheduleSpec spec = schedule_spec(plugin, "", 0.5, {}, "formula=lr0 * (1 - t / T)");
    BoundSchedule one(plugin, spec, 0.5, {10, 5}, 0), other(plugin, spec, 0.5, {20, 5}, 0);
    for (std::uint64_t update = 0; update < 10; ++update) {
        BOOST_TEST(one.factor(update) == 1.0 - static_cast<double>(update) / 10);
        BOOST_TEST(other.factor(update) == 1.0 - static_cast<double>(update) / 20);
    }
}

// ---- refusals ------------------------------------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(what_cannot_be_is_refused) {
    struct Case { const char *schedule, *settings, *message; };
    for (const Case& c : std::vector<Case>{
             {"piecewise_interpolate", "values=0.1 0.2", "schedule 'piecewise_interpolate' needs 'at'"},
             {"piecewise_interpolate", "at=0 5;values=0.1", "schedule 'piecewise_interpolate': at and values need the same number of entries"},
             {"piecewise_interpolate", "at=0 5;values=0.1 0;shape=exp", "schedule 'piecewise_interpolate': shape exp (or log) needs values above 0"},
             {"table", "at=0 5;values=0.1 0;shape=log", "schedule 'table': shape exp (or log) needs values above 0"},
             {"table", "at=0 5", "schedule 'table' needs 'values'"},
             {"cosine_restarts", "", "schedule 'cosine_restarts' needs 'first'"},
             {"cosine_restarts", "first=5;cycle_warmup=5", "schedule 'cosine_restarts': cycle_warmup is not shorter than first"},
             {"cosine_restarts", "first=5;t_mult=0.5", "t_mult = 0.5 is outside [1, inf)"},
             {"cosine_restarts", "first=5;m_mult=1.5", "m_mult = 1.5 is outside (0, 1]"},
             {"tanh", "lb=3", "schedule 'tanh': lb is not less than ub"},
             {"tanh", "lb=30;ub=40;normalise=true", "schedule 'tanh': normalise has nothing to stretch: tanh is the same at lb and ub"},
             {"noam", "d_model=0", "d_model = 0 is outside [1, inf)"},
             {"wsd", "", "schedule 'wsd' needs 'decay'"},
             {"wsd", "decay=5;decay_shape=inverse_linear", "schedule 'wsd': decay_shape inverse_linear needs an end above 0"},
             {"flat_cos", "flat=1", "flat = 1 is outside [0, 1)"},
             {"cyclic", "", "schedule 'cyclic' needs 'max'"},
             {"cyclic", "max=1;gamma=0", "gamma = 0 is outside (0, 1]"},
             {"one_cycle", "", "schedule 'one_cycle' needs 'max'"},
             {"one_cycle", "max=1;pct=1", "pct = 1 is outside (0, 1)"},
             {"one_cycle", "max=1;phases=4", "phases = 4 is outside [2, 3]"},
             {"one_cycle", "max=1;phases=3;pct=0.6", "schedule 'one_cycle': three phases need a pct of at most 0.5, or a pct_final"},
             {"one_cycle", "max=1;phases=3;pct_final=0.2", "schedule 'one_cycle': pct_final does not lie after pct"},
             {"one_cycle_geron", "", "schedule 'one_cycle_geron' needs 'max'"},
             {"sgld_poly", "a=0.1", "schedule 'sgld_poly' needs 'b'"},
             {"sgld_poly", "a=0.1;b=1;gamma=0.5", "gamma = 0.5 is outside (0.5, 1]"},
             {"swa_anneal", "", "schedule 'swa_anneal' needs 'swa_lr'"},
             {"noise", "range=1 2 3", "schedule 'noise': range has more than two entries: its begin and its end"},
             {"noise", "limit=1", "limit = 1 is outside (0, 1)"},
             {"chebyshev", "curvature_min=2", "schedule 'chebyshev': curvature_min is above curvature_max"},
             {"greedy", "", "schedule 'greedy' needs 'max'"},
             {"greedy", "max=1;window=0", "window = 0 is outside [1, 512]"},
             {"slope_test", "", "schedule 'slope_test' needs 'threshold'"},
             {"slope_test", "threshold=1", "threshold = 1 is outside [2, 1023]"},
             {"slope_test", "threshold=5;p=0.5", "p = 0.5 is outside (0.5, 1)"},
             {"bold_driver", "grow=0.9", "grow = 0.9 is outside [1, inf)"},
             {"bold_driver", "shrink=1", "shrink = 1 is outside (0, 1)"}})
        BOOST_TEST(refusal(c.schedule, c.settings) == c.message, c.schedule << " " << c.settings);
}

BOOST_AUTO_TEST_SUITE_END()
