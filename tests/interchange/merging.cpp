// Shards of one study made one; and a run done again judged by its statistics.
#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "interchange/merge.hpp"
#include "interchange/reproduction.hpp"
#include "interchange/samples.hpp"

using namespace etude;
using namespace etude::test;

namespace {

Plan shard(std::vector<std::uint64_t> seeds, std::vector<std::size_t> configurations = {0, 1}) {
    Plan plan;
    plan.study = "small", plan.columns = {"optimizer.lr"}, plan.metrics = {"test_accuracy"};
    for (const std::size_t c : configurations) {
        plan.configurations.push_back(
            {{"0." + std::to_string(c)}, "lr 0." + std::to_string(c), "optimizer: {name: sgd, lr: 0." + std::to_string(c) + "}\n"});
        for (const std::uint64_t seed : seeds)
            plan.trials.push_back({std::to_string(c) + "-" + std::to_string(seed), seed, plan.configurations.size() - 1});
    }
    return plan;
}

std::string refusal(const Plan& a, const Plan& b) {
    try {
        merge_plans({a, b}, {"A", "B"});
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

std::vector<std::string> ids(const Plan& plan) {
    std::vector<std::string> all;
    for (const PlannedTrial& trial : plan.trials) all.push_back(trial.id);
    return all;
}

using Words = std::vector<std::string>;

Results scored(const std::vector<std::vector<double>>& scores) {
    Plan plan;
    plan.study = "scored", plan.metrics = {"test_accuracy"};
    std::vector<StoredTrial> trials;
    for (std::size_t c = 0; c < scores.size(); ++c) {
        plan.configurations.push_back({{}, "c" + std::to_string(c), ""});
        for (std::size_t seed = 0; seed < scores[c].size(); ++seed) {
            plan.trials.push_back({std::to_string(c) + "-" + std::to_string(seed), seed, c});
            Record record;
            record.curves = {{"test_accuracy", {static_cast<float>(scores[c][seed])}, scores[c][seed]}};
            record.epochs = 1;
            if (scores[c][seed] < 0) record.status = Status::failed;
            trials.push_back({plan.trials.back().id, seed, "", record, {}});
        }
    }
    return results_of(plan, trials, {});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(merging)

BOOST_AUTO_TEST_CASE(shards_by_seeds_make_the_plan_of_the_whole) {
    BOOST_TEST((merge_plans({shard({2, 3}), shard({0, 1})}, {"A", "B"}) == shard({0, 1, 2, 3})));
    BOOST_TEST((merge_plans({shard({0, 1}), shard({1, 0})}, {"A", "B"}) == shard({0, 1})));
}

BOOST_AUTO_TEST_CASE(shards_by_values_make_the_union_in_their_order) {
    const Plan merged = merge_plans({shard({0}, {1, 2}), shard({0, 1}, {2, 3})}, {"A", "B"});
    BOOST_TEST(ids(merged) == (Words{"1-0", "2-0", "2-1", "3-0", "3-1"}), boost::test_tools::per_element());
    BOOST_TEST(merged.configurations.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_column_that_a_shard_did_not_sweep_is_filled_from_its_configuration) {
    Plan fixed = shard({0}, {5});
    fixed.columns.clear();
    fixed.configurations[0].cells.clear();
    fixed.configurations[0].label = "sgd";  // what a study without a sweep calls its one configuration
    const Plan merged = merge_plans({shard({0}), fixed}, {"A", "B"});
    BOOST_TEST(merged.configurations[2].cells == (Words{"0.5"}), boost::test_tools::per_element());
    BOOST_TEST(merged.configurations[2].label == "lr 0.5");
}

BOOST_AUTO_TEST_CASE(two_studies_are_refused) {
    Plan other = shard({1});
    other.study = "large";
    BOOST_TEST(refusal(shard({0}), other) == "A and B: hold results of two studies, 'small' and 'large'");
    other = shard({1});
    other.metric.name = "test_loss";
    BOOST_TEST(refusal(shard({0}), other) == "A and B: rank by two metrics, test_accuracy and test_loss, or at other epochs");
    other = shard({1});
    other.target = TargetSpec{"test_accuracy", 0.5};
    BOOST_TEST(refusal(shard({0}), other) == "A and B: have two targets");
    other = shard({1});
    for (PlannedTrial& trial : other.trials) trial.role = SeedRole::tune;
    BOOST_TEST(refusal(shard({0}), other) == "A and B: one splits its seeds into tune and report, the other does not");
    other = shard({1});
    other.pruning = Pruning{};
    BOOST_TEST(refusal(shard({0}), other) == "A and B: a rule ended configurations early by what ran beside them, which is not the same in both");
    BOOST_TEST(refusal(other, other) == "");
}

BOOST_AUTO_TEST_CASE(one_trial_with_two_ids_is_refused) {
    Plan other = shard({0});
    other.trials[1].id = "changed";
    BOOST_TEST(refusal(shard({0}), other) == "A and B: the trial 'lr 0.1', seed 0 has the id 1-0 in one and changed in the other");
}

BOOST_AUTO_TEST_CASE(resolved_studies_that_differ_in_seeds_and_sweeps_alone_are_joined) {
    const std::string head = "study: \"small\"\ntrain: {epochs: 6}\n", metric = "metric: {name: test_accuracy}\n";
    const auto study = [&](const std::string& seeds, const std::string& sweep) { return head + "seeds: " + seeds + "\n" + metric + sweep; };
    const std::string a = "sweep:\n  optimizer.lr: [1, 0.1]\n  train.batch: [8]\n", b = "sweep:\n  - optimizer.lr: [0.01]\n";
    const Plan plan = shard({0, 1, 4});
    BOOST_TEST(merge_resolved({study("2", a), study("2", a)}, plan).value() == study("2", a));
    BOOST_TEST(merge_resolved({study("2", a), study("[4]", a)}, plan).value() == study("[0, 1, 4]", a));
    BOOST_TEST(merge_resolved({study("1", a), study("[1]", a)}, shard({0, 1})).value() == study("2", a));
    BOOST_TEST(merge_resolved({study("2", a), study("2", b), study("2", "")}, plan).value() ==
               study("2", "sweep:\n  - optimizer.lr: [1, 0.1]\n    train.batch: [8]\n  - optimizer.lr: [0.01]\n  - {}\n"));
    BOOST_TEST(!merge_resolved({study("2", a), "train: {epochs: 7}\n" + study("2", a)}, plan).has_value());
    BOOST_TEST(!merge_resolved({study("2", a), ""}, plan).has_value());
}

BOOST_AUTO_TEST_CASE(results_provenance_and_conflicts_of_shards_are_kept) {
    const TemporaryFolder folder;
    const auto fill = [&](const char* name, const Plan& plan, double score, const std::string& host) {
        Store store = Store::open(folder.path() / name, Store::Access::write);
        store.put_plan(plan);
        for (const PlannedTrial& trial : plan.trials) {
            Record record;
            record.curves = {{"test_accuracy", {static_cast<float>(score)}, score}};
            record.epochs = 1;
            if (trial.id == "0-1" && host == "one") record = {}, record.status = Status::failed;
            store.put({trial.id,
                       trial.seed,
                       plan.configurations[trial.configuration].resolved,
                       record,
                       {host, "cpu", "isa", "2.6.3", "g++ 12", "0.1.0", "2026-11-21T08:00:00Z"}});
        }
    };
    fill("a", shard({0, 1}), 0.5, "one");
    fill("b", shard({1, 2}), 0.625, "two");
    const MergeResult result = merge_folders({folder.path() / "a", folder.path() / "b"}, folder.path() / "m");
    BOOST_TEST(result.trials == 6u);
    BOOST_TEST(result.duplicates == 2u);
    BOOST_TEST(!result.can_resume);  // made without resolved.yaml
    BOOST_REQUIRE_EQUAL(result.conflicts.size(), 1u);
    BOOST_TEST(result.conflicts[0].id == "1-1 (lr 0.1, seed 1)");
    BOOST_TEST(result.conflicts[0].kept == folder.path() / "a");
    BOOST_TEST(result.conflicts[0].comparison.differences[0].first == "epoch 1: 0.5 and 0.625");
    const Store merged = Store::open(folder.path() / "m", Store::Access::read);
    BOOST_TEST(merged.find("1-1")->record.curves[0].final == 0.5);
    BOOST_TEST(merged.find("1-1")->provenance.host == "one");
    BOOST_TEST(merged.find("1-2")->provenance.host == "two");
    BOOST_TEST(merged.find("0-1")->record.curves.size() == 1u);  // finished wins over failed
    BOOST_CHECK_EXCEPTION(merge_folders({folder.path() / "a"}, folder.path() / "m"), Error,
                          [&](const Error& error) { return error.what() == (folder.path() / "m").string() + ": holds results already"; });
}

BOOST_AUTO_TEST_CASE(scores_that_scatter_around_the_recorded_ones_are_statistically_equal) {
    const StatisticalCheck check = check_statistics(scored({{0.5, 0.6, 0.55, 0.58}, {0.7, 0.72, 0.71, 0.69}}),
                                                    scored({{0.51, 0.58, 0.56, 0.57}, {0.71, 0.70, 0.72, 0.69}}));
    BOOST_TEST((check.verdict == Verdict::statistically_equal));
    BOOST_TEST(!check.decided_by_ranks);
    // scipy.stats.ttest_rel: p 0.7608203755 and 1; Holm: twice the smaller, at most 1
    BOOST_TEST(*check.configurations[0].t.p == 0.7608203755145106, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(*check.configurations[0].p == 1.0);
}

BOOST_AUTO_TEST_CASE(scores_that_are_all_lower_are_different) {
    const StatisticalCheck check = check_statistics(scored({{0.5, 0.6, 0.55, 0.58}}), scored({{0.4, 0.51, 0.44, 0.48}}));
    BOOST_TEST((check.verdict == Verdict::different));
    BOOST_TEST(*check.configurations[0].recorded == 0.5575, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(*check.configurations[0].here == 0.4575, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(a_trial_that_fails_here_alone_is_different_and_one_seed_decides_nothing) {
    BOOST_TEST((check_statistics(scored({{0.5, 0.6}}), scored({{0.5, -1}})).verdict == Verdict::different));
    BOOST_TEST((check_statistics(scored({{0.5}, {0.6}}), scored({{0.51}, {0.6}})).verdict == Verdict::undecided));
}

BOOST_AUTO_TEST_SUITE_END()
