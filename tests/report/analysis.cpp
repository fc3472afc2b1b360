#include "report/analysis.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "base/random.hpp"
#include "base/text.hpp"
#include "report/answer.hpp"
#include "report/figures.hpp"
#include "report/summary.hpp"
#include "support/temporary_folder.hpp"

using namespace etude;
using test::TemporaryFolder;

namespace {

/// A study by its scores: cells, and for each seed the final accuracy; below 0: that trial diverged and counts as 0.1.
struct Scored {
    std::vector<std::string> cells;
    std::vector<double> scores;
};

Record record_of(double score) {
    Record record;
    const double accuracy = std::abs(score);
    record.curves = {{"test_loss", {2.0F, static_cast<float>(1 - accuracy)}, 1 - accuracy},
                     {"test_accuracy", {static_cast<float>(accuracy / 2), static_cast<float>(accuracy)}, accuracy}};
    record.epochs = 2, record.updates = 20;
    if (score >= 0) return record;
    record.status = Status::diverged;
    record.counts_as = {{"test_loss", 2.3}, {"test_accuracy", 0.1}};
    return record;
}

Plan plan_of(const std::vector<std::string>& columns, const std::vector<Scored>& configurations, std::size_t tune = 0) {
    Plan plan;
    plan.study = "scored", plan.columns = columns, plan.metrics = {"test_loss", "test_accuracy"};
    for (std::size_t c = 0; c < configurations.size(); ++c) {
        std::string label;
        for (const std::string& cell : configurations[c].cells) label += (label.empty() ? "" : " ") + cell;
        plan.configurations.push_back({configurations[c].cells, label, ""});
        for (std::size_t seed = 0; seed < configurations[c].scores.size(); ++seed) {
            const SeedRole role = tune == 0 ? SeedRole::both : seed < tune ? SeedRole::tune : SeedRole::report;
            plan.trials.push_back({std::to_string(c) + "/" + std::to_string(seed), seed, c, role});
        }
    }
    return plan;
}

Results results_of(const Plan& plan, const std::vector<Scored>& configurations) {
    const TemporaryFolder folder;
    Store store = Store::open(folder.path(), Store::Access::write);
    store.put_plan(plan);
    for (const PlannedTrial& trial : plan.trials)
        if (const double score = configurations[trial.configuration].scores[trial.seed]; std::isfinite(score))
            store.put({trial.id, trial.seed, "", record_of(score), {}});
    return load_results(store);
}

Results scored(const std::vector<std::string>& columns, const std::vector<Scored>& configurations, std::size_t tune = 0) {
    return results_of(plan_of(columns, configurations, tune), configurations);
}

/// Around `mean`, with a wave that differs between `salt`s.
std::vector<double> around(double mean, int salt, std::size_t n = 10) {
    std::vector<double> scores;
    for (std::size_t i = 0; i < n; ++i) scores.push_back(mean + 0.01 * std::sin(1.7 * static_cast<double>(i) + salt));
    return scores;
}

std::string answer(const Results& results) {
    std::string text;
    for (const std::string& sentence : answer_of(results, analyse(results)).sentences) text += sentence + "\n";
    return text;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

const std::vector<std::string> rate{"optimizer.lr"};
const double missing = std::nan("");

}  // namespace

BOOST_AUTO_TEST_SUITE(analysis)

BOOST_AUTO_TEST_CASE(a_clear_best_is_called_significantly_better) {
    const Results results = scored(rate, {{{"0.01"}, around(0.8, 0)}, {{"0.1"}, around(0.9, 1)}, {{"1"}, around(0.5, 2)}});
    const Analysis found = analyse(results);
    BOOST_TEST(found.family.value().reference == 1U);
    BOOST_TEST((found.family->decider == Decider::signed_rank));
    for (const Comparison& c : found.family->comparisons) BOOST_TEST(c.better);
    BOOST_TEST(has(answer(results), "It is significantly better than each of the 2 others (Wilcoxon signed-rank, paired by seed, "
                                    "Holm-corrected at 5 % over all 3 pairs); against 0.01 it is 0."));
}

/// With the family of the tests that are made alone it would be 11 of 100; the share's standard error is 1 of 100.
BOOST_AUTO_TEST_CASE(of_eight_equal_configurations_none_is_called_better_in_19_of_20_studies) {
    constexpr std::size_t studies = 400;
    std::size_t wrong = 0;
    for (std::size_t study = 0; study < studies; ++study) {
        Results results;
        results.configurations.resize(8);
        for (std::size_t c = 0; c < 8; ++c) {
            Rng rng(study, "equal configurations", c);
            double sum = 0;
            for (std::uint64_t seed = 0; seed < 10; ++seed) {
                results.plan.trials.push_back({"", seed, c});
                results.trials.push_back({results.plan.trials.back(), {}, rng.normal(), {}});
                results.configurations[c].trials.push_back(results.trials.size() - 1);
                sum += *results.trials.back().score;
            }
            results.configurations[c].score.mean = sum / 10;
        }
        const auto mean = [&](std::size_t c) { return *results.configurations[c].score.mean; };
        const std::vector<std::size_t> all{0, 1, 2, 3, 4, 5, 6, 7};
        const Family family = compare(results, std::ranges::max(all, {}, mean), all);
        if (std::ranges::any_of(family.comparisons, &Comparison::significant)) ++wrong;
    }
    BOOST_TEST(wrong <= studies / 20);
    BOOST_TEST(wrong > 0U);
}

BOOST_AUTO_TEST_CASE(what_seeds_do_not_tell_apart_is_named_with_the_seeds_it_would_take) {
    const Results results = scored(rate, {{{"0.01"}, around(0.899, 0)}, {{"0.1"}, around(0.9, 1)}, {{"1"}, around(0.5, 2)}});
    const std::string text = answer(results);
    BOOST_TEST(has(text, "It is significantly better than 1 of 2 others"), text);
    BOOST_TEST(has(text, "These seeds do not tell it from 0.01"), text);
    BOOST_TEST(has(text, "more seeds would settle it against 0.01"), text);
    BOOST_TEST(has(text, "Chosen and reported on the same seeds"), text);
}

BOOST_AUTO_TEST_CASE(five_seeds_are_tested_by_student_since_ranks_cannot_decide) {
    const Results results = scored(rate, {{{"0.1"}, around(0.9, 1, 5)}, {{"1"}, around(0.5, 2, 5)}});
    BOOST_TEST((analyse(results).family.value().decider == Decider::paired_t));
    BOOST_TEST(analyse(results).family->comparisons.front().better);
}

BOOST_AUTO_TEST_CASE(one_seed_makes_no_claim_of_significance) {
    const Results results = scored(rate, {{{"0.01"}, {0.8}}, {{"0.1"}, {0.9}}, {{"1"}, {0.1}}});
    BOOST_TEST(answer(results) == "0.1 is best: final test accuracy 0.9 (one seed, so nothing is known of its spread).\n"
                                  "Too few seeds are shared for a test: nothing is said to differ significantly; run at least 5 seeds.\n"
                                  "Chosen on the test set: expect somewhat worse on new data.\n");
    BOOST_TEST(!analyse(results).rates.front().basin);
}

BOOST_AUTO_TEST_CASE(when_all_diverged_nothing_is_best) {
    const Results results = scored(rate, {{{"0.1"}, {-0.5, -0.5}}, {{"1"}, {-0.5, -0.5}}});
    BOOST_TEST(answer(results) == "Every trial diverged, so there is no best configuration: try smaller rates, or clip the gradient.\n");
}

BOOST_AUTO_TEST_CASE(ties_are_called_equal_and_differ_in_nothing) {
    const Results results = scored(rate, {{{"0.01"}, around(0.8, 0)}, {{"0.1"}, around(0.8, 0)}});
    const std::string text = answer(results);
    BOOST_TEST(has(text, "0.01 and 0.1 are equally good"), text);
    BOOST_TEST(has(text, "it is no different (95 % interval 0 to 0; p = 1)"), text);
    BOOST_TEST(!has(text, "settle"), text);
}

BOOST_AUTO_TEST_CASE(missing_trials_are_left_out_of_pairs) {
    std::vector<double> holes = around(0.5, 2);
    holes[3] = holes[7] = missing;
    const Results results = scored(rate, {{{"0.1"}, around(0.9, 1)}, {{"1"}, holes}});
    const Comparison only = analyse(results).family.value().comparisons.front();
    BOOST_TEST(only.t.difference.n == 8U);
    BOOST_TEST(only.ranks.pairs == 8U);
}

BOOST_AUTO_TEST_CASE(rates_have_basin_sensitivity_and_stability_edge) {
    const Results results = scored(rate, {{{"0.001"}, around(0.5, 3)}, {{"0.01"}, around(0.9, 0)}, {{"0.1"}, around(0.9005, 1)},
                                          {{"1"}, std::vector<double>(10, -0.5)}});
    const RateAnalysis axis = analyse(results).rates.at(0);
    BOOST_TEST(axis.rates[axis.best] == 0.1);
    BOOST_TEST(axis.basin.value().low == 0.01);
    BOOST_TEST(axis.basin->high == 0.1);
    BOOST_TEST(axis.edge.stable.value() == 0.1);
    BOOST_TEST(axis.edge.unstable.value() == 1);
    BOOST_TEST(axis.initial_loss.value() == 2.3, boost::test_tools::tolerance(1e-12));
    const auto loss = [&](std::size_t c) { return 1 - results.configurations[c].score.mean.value(); };
    BOOST_TEST(axis.sensitivity.value() == (loss(0) + loss(1) + loss(2) + 2.3) / 4 - loss(2), boost::test_tools::tolerance(1e-12));
    BOOST_TEST(axis.add.empty());
}

BOOST_AUTO_TEST_CASE(many_axes_of_rates_are_a_table_and_few_are_sentences) {
    std::vector<Scored> configurations;
    for (int k = 0; k < 5; ++k)
        for (const auto& [lr, mean] : {std::pair("0.00316227766017", 0.5), std::pair("0.0316227766017", 0.9), std::pair("0.316227766017", 0.6)})
            configurations.push_back({{lr, std::to_string(k)}, around(mean, k)});
    const std::vector<std::string> columns{"optimizer.lr", "optimizer.momentum"};
    const Results many = scored(columns, configurations), few = scored(columns, {configurations.begin(), configurations.begin() + 6});
    const auto rows = rates_rows(many, analyse(many));
    BOOST_TEST_REQUIRE(rows.size() == 6U);
    BOOST_TEST(rows[0] == (std::vector<std::string>{"optimizer.momentum", "best optimizer.lr", "mean", "basin", "decades", "sensitivity",
                                                   "unstable from"}),
               boost::test_tools::per_element());
    BOOST_TEST(rows[2][0] == "1");
    BOOST_TEST(rows[2][1] == "0.03162");
    BOOST_TEST(rows[2][3] == "0.03162");  // alone: its neighbours are far worse
    const auto tells = [](const Results& results) { return has(join(answer_of(results, analyse(results)).details, "\n"), "Basin of optimizer.lr"); };
    BOOST_TEST(!tells(many));
    BOOST_TEST(tells(few));
    BOOST_TEST(summary_rows(many)[1][1] == "0.03162");
}

BOOST_AUTO_TEST_CASE(cells_that_rounding_would_make_equal_are_shown_whole) {
    const Results results = scored(rate, {{{"0.100001"}, around(0.5, 3)}, {{"0.100002"}, around(0.9, 0)}, {{"0.123456"}, around(0.6, 0)}});
    BOOST_TEST(summary_rows(results)[1][1] == "0.100002");
}

BOOST_AUTO_TEST_CASE(losses_are_clipped_at_that_of_the_initialised_network_though_no_trial_diverged) {
    const std::vector<Scored> configurations{{{"0.01"}, around(0.8, 3)}, {{"0.1"}, around(0.9, 0)}, {{"1"}, around(0.7, 0)}};
    const Plan plan = plan_of(rate, configurations);
    const TemporaryFolder folder;
    Store store = Store::open(folder.path(), Store::Access::write);
    store.put_plan(plan);
    for (const PlannedTrial& trial : plan.trials) {
        Record record = record_of(configurations[trial.configuration].scores[trial.seed]);
        record.counts_as = {{"test_loss", trial.seed % 2 == 0 ? 2.4 : 2.6}, {"test_accuracy", 0.1}};
        store.put({trial.id, trial.seed, "", record, {}});
    }
    const RateAnalysis axis = analyse(load_results(store)).rates.at(0);
    BOOST_TEST(!axis.initial_is_estimate);
    BOOST_TEST(axis.initial_loss.value() == 2.5, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(where_no_trial_says_the_initial_loss_it_is_that_after_the_first_epoch_at_the_smallest_rate) {
    const Results results = scored(rate, {{{"0.01"}, around(0.8, 3)}, {{"0.1"}, around(0.9, 0)}, {{"1"}, around(-0.9, 0)}});
    const Results calm = scored(rate, {{{"0.01"}, around(0.8, 3)}, {{"0.1"}, around(0.9, 0)}, {{"1"}, around(0.7, 0)}});
    BOOST_TEST(!analyse(results).rates.at(0).initial_is_estimate);
    BOOST_TEST(analyse(calm).rates.at(0).initial_is_estimate);
    BOOST_TEST(analyse(calm).rates.at(0).initial_loss.value() == 2);  // every made-up curve begins at 2
}

BOOST_AUTO_TEST_CASE(a_best_rate_at_the_edge_says_which_to_add) {
    const Results results = scored(rate, {{{"0.001"}, around(0.5, 3)}, {{"0.01"}, around(0.7, 0)}, {{"0.1"}, around(0.9, 1)}});
    BOOST_TEST(warnings_of(results, analyse(results)).back() ==
               "The best optimizer.lr = 0.1 is the largest that was tried: a better one may lie beyond; add 1, 10.");
}

BOOST_AUTO_TEST_CASE(seeds_that_choose_do_not_report) {
    // The first wins on the four tune seeds, and is worse on the ten others.
    std::vector<double> lucky = around(0.95, 0, 4), steady = around(0.9, 1, 4);
    for (const double score : around(0.7, 2)) lucky.push_back(score);
    for (const double score : around(0.9, 3)) steady.push_back(score);
    const Results results = scored(rate, {{{"0.1"}, lucky}, {{"1"}, steady}}, 4);
    BOOST_TEST(results.configurations[0].rank.value() == 1U);
    BOOST_TEST(results.configurations[0].score.n == 10U);
    BOOST_TEST(results.configurations[0].score.mean.value() == 0.7, boost::test_tools::tolerance(0.01));
    const std::string text = answer(results);
    BOOST_TEST(has(text, "0.1 is best on the 4 seeds for choosing; on those for reporting: final test accuracy 0.6998 "
                         "(95 % interval 0.6942 to 0.7053, n = 10)."), text);
    BOOST_TEST(has(text, "But 1 is significantly better on these seeds."), text);
    BOOST_TEST(!has(text, "same seeds, which"), text);
}

BOOST_AUTO_TEST_CASE(a_shape_is_charged_for_another_ones_rate) {
    const std::vector<std::string> columns{"schedule.name", "optimizer.lr"};
    const Results results = scored(columns, {{{"constant", "0.01"}, around(0.9, 0)},
                                             {{"constant", "0.1"}, around(0.8, 0)},
                                             {{"constant", "1"}, around(0.6, 0)},
                                             {{"cosine", "0.01"}, around(0.7, 0)},
                                             {{"cosine", "0.1"}, around(0.95, 0)},
                                             {{"cosine", "1"}, around(0.9, 0)}});
    const Analysis found = analyse(results);
    const auto& cost = found.regrets.at(0).cost;
    BOOST_TEST(cost[0][0].value() == 0);
    BOOST_TEST(cost[0][1].value() == 0.1, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(cost[1][0].value() == 0.25, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(regret_figures(results, found).size() == 1U);
    BOOST_TEST(answer_of(results, found).details.back() ==
               "Rates do not carry over: schedule.name = cosine with the best optimizer.lr of schedule.name = "
               "constant (0.01, its own is 0.1) is 0.25 worse, significantly.");
}

BOOST_AUTO_TEST_CASE(epochs_to_a_target_make_profiles) {
    const std::vector<Scored> configurations{{{"0.01"}, {0.9, 0.9, 0.3}}, {{"0.1"}, {0.45, 0.9, 0.9}}};
    Plan plan = plan_of(rate, configurations);
    plan.target = TargetSpec{"test_accuracy", 0.44};  // 0.9 is there after the first epoch of two, 0.45 after the second
    const Results results = results_of(plan, configurations);
    const Analysis found = analyse(results);
    BOOST_TEST(found.target.value().epochs[0].shares.front() == 2.0 / 3, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(found.target->epochs[1].shares.front() == 2.0 / 3, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(found.target->epochs[1].shares.back() == 1);
    BOOST_TEST(found.spreads[1].updates_to_target.value() == 10);
    BOOST_TEST(profile_figures(results, found).size() == 1U);
}

BOOST_AUTO_TEST_CASE(statistics_json_is_whole_and_the_same_each_time) {
    const Results results = scored(rate, {{{"0.01"}, around(0.8, 0)}, {{"0.1"}, around(0.9, 1)}, {{"1"}, around(0.5, 2)}});
    const std::string json = analysis_json(results, analyse(results));
    BOOST_TEST(json == analysis_json(results, analyse(results)));
    for (const char* part : {"\"p_holm\"", "\"median_ci\"", "\"decided_by\": \"signed_rank\"", "\"basin\"", "\"chosen_on_test_set\": true"})
        BOOST_TEST(has(json, part), part);
}

BOOST_AUTO_TEST_SUITE_END()
