#include <boost/test/unit_test.hpp>

#include "study/support.hpp"

namespace {

using namespace etude;
using namespace etude::test;

}  // namespace

BOOST_AUTO_TEST_SUITE(study_values)

BOOST_AUTO_TEST_CASE(the_metric_follows_from_what_is_recorded) {
    BOOST_TEST(read_text(network + sgd).plan().metric.name == "test_accuracy");
    BOOST_TEST(read_text(network + sgd).plan().metric.maximize);
    BOOST_TEST(!read_text(network + sgd + "metric: test_loss\n").plan().metric.maximize);
    const MetricSpec metric = read_text(network + sgd + "metric: {at: {epoch: 3}, goal: minimize}\n").plan().metric;
    BOOST_TEST((metric == MetricSpec{MetricSpec::At::epoch, "test_accuracy", false, 3}));
}

BOOST_AUTO_TEST_CASE(a_validation_part_adds_its_metrics_and_is_what_a_schedule_watches) {
    const std::string watched = network + sgd + "schedule: plateau\n";
    BOOST_TEST(read_text(watched).trial(0).schedule.monitor->metric == "test_loss");
    const Study study = read_text(watched, {"data.validation=0.2"});
    BOOST_TEST(study.trial(0).schedule.monitor->metric == "validation_loss");
    BOOST_TEST(study.plan().metrics.size() == 6u);
}

BOOST_AUTO_TEST_CASE(one_e_three_is_an_integer_and_one_e_minus_four_a_number) {
    const TrialSpec trial = read_text(network + sgd, {"train.epochs=1e1", "optimizer.lr=1e-4", "optimizer.momentum=.5"}).trial(0);
    BOOST_TEST(trial.train.epochs == 10u);
    BOOST_TEST(trial.optimizer.lr == 1e-4);
    BOOST_TEST(trial.optimizer.values.real("momentum") == 0.5);
}

BOOST_AUTO_TEST_CASE(a_bare_number_is_a_list_of_one) {
    const TrialSpec trial = read_text(network + sgd + "schedule: {name: multi_step, milestones: 3}\n").trial(0);
    BOOST_TEST((std::get<std::vector<Duration>>(*trial.schedule.values.find("milestones")) == std::vector{Duration{3, TimeUnit::ticks}}));
}

BOOST_AUTO_TEST_CASE(rates_relative_to_the_base_follow_a_swept_base) {
    const Study study =
        read_text(network + sgd + "schedule: {name: cosine, end_ratio: 0.1, warmup: {length: 3, from_ratio: 0.5}}\nsweep:\n  optimizer.lr: [1, 2]\n");
    BOOST_TEST(study.trial(0).schedule.values.real("end") == 0.1);
    BOOST_TEST(study.trial(1).schedule.values.real("end") == 0.2);
    BOOST_TEST(study.trial(1).schedule.warmup->from == 1.0);
}

BOOST_AUTO_TEST_CASE(a_warmup_that_ends_inside_an_epoch_of_an_epochwise_schedule_is_a_warning) {
    const Study study = read_text(network + sgd + "schedule: {name: cosine, unit: epoch, warmup: {length: {updates: 7}}}\n");
    BOOST_TEST(
        study.warnings().find("warning: the warm-up ends inside an epoch (7 updates, an epoch has 5), but the schedule changes by `unit: epoch`") !=
        std::string::npos);
    BOOST_TEST(read_text(network + sgd + "schedule: {name: cosine, unit: epoch, warmup: {length: 2}}\n").warnings() == "");
}
BOOST_AUTO_TEST_CASE(a_first_update_of_rate_0_is_a_warning) {
    const Study study = read_text(network + sgd + "schedule: {name: cosine, warmup: {length: 5, ends: half_open}}\n");
    BOOST_TEST(study.plan().trials.size() == 1u);
    BOOST_TEST(study.warnings().ends_with(":9:11: warning: schedule 'cosine': rate is 0 at update 0, the first\n"
                                          "  schedule: {name: cosine, warmup: {length: 5, ends: half_open}}\n            ^\n"
                                          "  hint: that update changes nothing; `ends: shifted` begins one step later\n"),
               study.warnings());
}

BOOST_AUTO_TEST_CASE(a_batch_larger_than_the_training_part_is_a_warning) {
    BOOST_TEST(read_text(network + sgd, {"train.batch=64"}).warnings() ==
               "argument 'train.batch=64': warning: batch = 64 is larger than the training part of 50 samples: an epoch is one update\n  "
               "train.batch=64\n              ^\n");
}

BOOST_AUTO_TEST_CASE(chinese_text_passes_through) {
    const Study study =
        read_text(network + sgd +
                  "question: 哪个学习率最好？  # 注释\nsweep:\n  optimizer: [{name: sgd, lr: 1, as: 大}, {name: sgd, lr: 0.1, as: \"小, 慢\"}]\n");
    BOOST_TEST(study.plan().question == "哪个学习率最好？");
    BOOST_TEST(labels_of(study) == "大|小, 慢");
}

BOOST_AUTO_TEST_SUITE_END()
