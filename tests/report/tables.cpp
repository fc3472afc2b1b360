#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <limits>

#include "base/files.hpp"
#include "report/report.hpp"
#include "report/synthetic.hpp"
#include "support/temporary_folder.hpp"

using namespace etude;
using test::TemporaryFolder;

namespace {

Record completed(double loss, double accuracy, double lr) {
    Record record;
    record.curves = {{"test_loss", {3, static_cast<float>(loss)}, loss}, {"test_accuracy", {0.82F, static_cast<float>(accuracy)}, accuracy}};
    record.epoch_lr = {lr, lr};
    record.last_lr = lr;
    record.epochs = 2;
    record.updates = 32;
    record.wall_seconds = 0.25;
    return record;
}

Record diverged(std::uint64_t epochs) {
    Record record = completed(1e30, 0.25, 0.5);
    record.status = Status::diverged;
    for (Curve& curve : record.curves) curve.values.resize(epochs);
    record.epochs = epochs;
    record.updates = epochs * 16;
    record.diverged_at = record.updates;
    record.counts_as = {{"test_loss", 1.5}, {"test_accuracy", 0.3}};
    return record;
}

Record failed() {
    Record record;
    record.status = Status::failed;
    record.message = "out of memory";
    return record;
}

/// Three configurations with two seeds: fine, diverging at once and later, one failed and one not done.
Plan small_plan() {
    return {"small", "", {}, {}, {"optimizer.lr", "schedule"},
            {{{"0.1", "constant"}, "a", ""}, {{"0.5", "{name: step, length: 3}"}, "b", ""}, {{"", "say \"x\""}, "c", ""}},
            {{"a0", 0, 0}, {"a1", 1, 0}, {"b0", 0, 1}, {"b1", 1, 1}, {"c0", 0, 2}, {"c1", 1, 2}}, {"test_loss", "test_accuracy"}, {}};
}

std::vector<StoredTrial> small_trials() {
    const Provenance from{"studio", "CPU, fast", "v4", "2.6.3", "g++", "0.1.0", "2026-11-21T08:00:00Z"};
    return {{"a0", 0, "", completed(0.5, 0.75, 0.1 * (1e-3 / 0.1)), from}, {"a1", 1, "", completed(0.1 + 0.2, 0.875, 1e-7), from},
            {"b0", 0, "", diverged(0), from}, {"b1", 1, "", diverged(1), from}, {"c0", 0, "", failed(), from}};
}

const std::string small_trials_csv =
    "trial,id,status,seed,optimizer.lr,schedule,test_loss,test_accuracy,lr,epochs,diverged_at,score\n"
    "0,a0,completed,0,0.1,constant,0.5,0.75,0.001,2,,0.75\n"
    "1,a1,completed,1,0.1,constant,0.30000000000000004,0.875,1e-7,2,,0.875\n"
    "2,b0,diverged,0,0.5,\"{name: step, length: 3}\",,,,0,0,0.3\n"
    "3,b1,diverged,1,0.5,\"{name: step, length: 3}\",1e30,0.25,0.5,1,16,0.3\n"
    "4,c0,failed,0,,\"say \"\"x\"\"\",,,,0,,\n";

const std::string small_summary_csv =
    "optimizer.lr,schedule,n,mean,std,sem,ci_low,ci_high,diverged,rank\n"
    "0.1,constant,2,0.8125,0.08838834764831845,0.0625,0.018362203989081616,1.6066377960109184,0,1\n"
    "0.5,\"{name: step, length: 3}\",2,0.3,0,0,0.3,0.3,2,2\n"
    ",\"say \"\"x\"\"\",0,,,,,,0,\n";

MetricSpec metric(MetricSpec::At at, const std::string& name, bool maximize, std::uint64_t epoch = 0) {
    MetricSpec spec;
    spec.at = at, spec.name = name, spec.maximize = maximize, spec.epoch = epoch;
    return spec;
}

struct Tables {
    std::string trials, summary, timing;
};

Tables tables_of(const Plan& plan, const std::vector<StoredTrial>& trials) {
    const TemporaryFolder folder;
    Store store = Store::open(folder.path(), Store::Access::write, plan.study);
    for (const StoredTrial& trial : trials) store.put(trial);
    store.put_plan(plan);
    write_tables(store);
    return {read_file(folder.path() / "trials.csv"), read_file(folder.path() / "summary.csv"), read_file(folder.path() / "timing.csv")};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tables)

BOOST_AUTO_TEST_CASE(tables_are_these_bytes) {
    const Tables tables = tables_of(small_plan(), small_trials());
    BOOST_TEST(tables.trials == small_trials_csv);
    BOOST_TEST(tables.summary == small_summary_csv);
    BOOST_TEST(tables.timing.starts_with("trial,id,wall_seconds,finished_at,host,cpu,isa,onednn,compiler,etude\n"
                                         "0,a0,0.25,2026-11-21T08:00:00Z,studio,\"CPU, fast\",v4,2.6.3,g++,0.1.0\n"
                                         "1,a1,0.25,"));
}

BOOST_AUTO_TEST_CASE(the_order_of_the_results_changes_no_byte) {
    const Plan plan = small_plan();
    auto trials = small_trials();
    const Tables forwards = tables_of(plan, trials);
    std::ranges::reverse(trials);
    trials.push_back(trials.front());  // done twice
    const Tables backwards = tables_of(plan, trials);
    BOOST_TEST(forwards.trials == backwards.trials);
    BOOST_TEST(forwards.summary == backwards.summary);
}

BOOST_AUTO_TEST_CASE(only_the_plan_is_shown_of_what_the_store_keeps) {
    Plan plan = small_plan();
    plan.trials.erase(plan.trials.begin());
    BOOST_TEST(tables_of(plan, small_trials()).trials.find("a0") == std::string::npos);
    BOOST_TEST(tables_of(plan, small_trials()).trials.find("\n0,a1,") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_target_adds_the_epochs_it_took) {
    Plan plan = small_plan();
    plan.target = TargetSpec{"test_accuracy", 0.82};  // 0.82F is 0.8199999928: the curve's value is meant as written
    const std::string csv = tables_of(plan, small_trials()).trials;
    BOOST_TEST(csv.find(",score,epochs_to_target\n") != std::string::npos);
    BOOST_TEST(csv.find("0,a0,completed,0,0.1,constant,0.5,0.75,0.001,2,,0.75,1\n") != std::string::npos);
    BOOST_TEST(csv.find(",0,,,\n") != std::string::npos);
    plan.target = TargetSpec{"test_loss", 0.4};
    BOOST_TEST(tables_of(plan, small_trials()).trials.find("1e-7,2,,0.875,2\n") != std::string::npos);
    BOOST_TEST(tables_of(plan, small_trials()).trials.find("0.001,2,,0.75,\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_score_is_the_metric_where_the_study_says) {
    using At = MetricSpec::At;
    const std::string a0 = "0,a0,completed,0,0.1,constant,0.5,0.75,0.001,2,,";
    const std::vector<std::pair<MetricSpec, std::string>> cases{{metric(At::best, "test_accuracy", true), a0 + "0.82\n"},
                                                                {metric(At::best, "test_loss", false), a0 + "0.5\n"},
                                                                {metric(At::epoch, "test_loss", false, 1), a0 + "3\n"},
                                                                {metric(At::epoch, "test_loss", false, 9),
                                                                 a0 + "0.5\n"},  // it ended before: its last value
                                                                {metric(At::best, "test_loss", false), "1e30,0.25,0.5,1,16,1.5\n"}};
    for (const auto& [spec, row] : cases) {
        Plan plan = small_plan();
        plan.metric = spec;
        BOOST_TEST(tables_of(plan, small_trials()).trials.find(row) != std::string::npos, row);
    }
}

BOOST_AUTO_TEST_CASE(a_smaller_loss_ranks_first_when_the_goal_is_to_minimise) {
    Plan plan = small_plan();
    plan.metric = metric(MetricSpec::At::final, "test_loss", false);
    const std::string summary = tables_of(plan, small_trials()).summary;
    BOOST_TEST(summary.find("0.1,constant,2,0.4,") != std::string::npos);
    BOOST_TEST(summary.find(",0,1\n") != std::string::npos);
    BOOST_TEST(summary.find("1.5,0,0,1.5,1.5,2,2\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(summary_text_has_the_answer_on_top_and_aligned_columns) {
    const TemporaryFolder folder;
    Plan plan = small_plan();
    plan.configurations[1].cells[1] = "分段";
    plan.configurations[2].cells[1] = "d";
    Store store = Store::open(folder.path(), Store::Access::write);
    for (const StoredTrial& trial : small_trials()) store.put(trial);
    store.put_plan(plan);
    BOOST_TEST(summary_text(store) ==
               "a is best: final test accuracy 0.8125 (95 % interval 0.01836 to 1.607, n = 2).\n"
               "These seeds do not tell it from b (paired t-test, paired by seed, at 5 %); against that one it is 0.5125 better "
               "(95 % interval -0.2816 to 1.307; p = 0.077).\n"
               "To run next: about 1 more seed would settle it against b (80 % power, if the true difference is the one seen).\n"
               "Chosen and reported on the same seeds, which flatters the best one; `seeds: {tune: n, report: m}` keeps them apart.\n"
               "Chosen on the test set: expect somewhat worse on new data.\n"
               "warning: 1 of 6 trials are not done; etude run on this folder does them.\n"
               "warning: 2 of 6 trials diverged; each counts with the loss at initialisation, or the share of the most frequent class.\n"
               "warning: 1 of 6 trials failed and count nowhere; etude run on this folder tries them again.\n"
               "\n"
               "rank  optimizer.lr  schedule  n    mean        std     sem     ci_low  ci_high  diverged\n"
               "   1           0.1  constant  2  0.8125  0.0883883  0.0625  0.0183622  1.60664         0\n"
               "   2           0.5  分段      2     0.3          0       0        0.3      0.3         2\n"
               "                    d         0                                                        0\n");
}

BOOST_AUTO_TEST_SUITE_END()
