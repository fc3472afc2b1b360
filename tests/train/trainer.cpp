#include "train/run_trial.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cmath>

#include "data/batches.hpp"
#include "model/model.hpp"
#include "support/trials.hpp"
#include "train/metrics.hpp"
#include "train/naive_mlp.hpp"

namespace tt = boost::test_tools;
using namespace etude;
using namespace etude::test;

BOOST_FIXTURE_TEST_SUITE(train_trainer, WithPlugins)

BOOST_AUTO_TEST_CASE(a_trial_follows_the_same_training_written_in_double) {
    TrialSpec trial = blobs_trial(registry, 200, 8, 0.05);
    trial.seed = 3;
    const auto data = load_dataset(trial.data, {});
    Model model(trial.model, trial.loss, {2, 1, 1}, {.training = {32, 4}, .evaluation = {100}}, trial.seed);
    NaiveMlp naive(model.weights(), 2, 8, 3);
    Batches batches(data->train, 32, false, trial.seed);
    const Record record = run(trial, registry);
    BOOST_TEST_REQUIRE(record.epochs == 8u);
    for (std::uint64_t epoch = 0; epoch < 8; ++epoch) {
        batches.begin_epoch(epoch);
        double running = 0;
        for (std::size_t i = 0; i < batches.per_epoch(); ++i) {
            const auto rows = batches.rows(i);
            running += naive.update(data->train, rows, 0.05) * static_cast<double>(rows.size());
        }
        BOOST_TEST(record.find("train_loss")->values[epoch] == static_cast<float>(running / 100), tt::tolerance(2e-5f));
        BOOST_TEST(record.find("test_loss")->values[epoch] == static_cast<float>(naive.mean_loss(data->test)), tt::tolerance(2e-5f));
    }
}

BOOST_AUTO_TEST_CASE(two_runs_of_one_trial_have_the_same_bits) {
    const TrialSpec trial = blobs_trial(registry);
    const Record a = run(trial, registry), b = run(trial, registry);
    for (std::size_t i = 0; i < a.curves.size(); ++i) {
        BOOST_TEST(a.curves[i].final == b.curves[i].final);
        BOOST_TEST(a.curves[i].values == b.curves[i].values, tt::per_element());
    }
}

BOOST_AUTO_TEST_CASE(another_seed_is_another_trial) {
    TrialSpec trial = blobs_trial(registry);
    const Record a = run(trial, registry);
    trial.seed = 1;
    BOOST_TEST(run(trial, registry).find("train_loss")->final != a.find("train_loss")->final);
}

BOOST_AUTO_TEST_CASE(a_record_has_a_value_for_each_epoch_and_metric) {
    const Record record = run(blobs_trial(registry), registry);
    std::vector<std::string> names;
    for (const Curve& curve : record.curves) {
        names.push_back(curve.metric);
        BOOST_TEST(curve.values.size() == 5u);
        BOOST_TEST(curve.values.back() == static_cast<float>(curve.final));
    }
    BOOST_TEST(names == metric_names(true, true, false), tt::per_element());
    BOOST_TEST(record.epoch_lr.size() == 5u);
    BOOST_TEST(record.updates == 10u);
    BOOST_TEST((record.status == Status::completed));
    BOOST_TEST(record.update_lr.empty());
}

BOOST_AUTO_TEST_CASE(the_rate_is_recorded_as_it_was_used) {
    TrialSpec trial = blobs_trial(registry, 100, 3, 1.0);
    trial.schedule = schedule(registry, "step", 1.0, {{"size", Duration{1, TimeUnit::ticks}}, {"gamma", 0.5}});
    trial.record_lr_per_update = true;
    const Record record = run(trial, registry);
    const std::vector<double> expected = {1, .5, .25, .125, .0625, .03125};
    BOOST_TEST(record.update_lr == expected, tt::per_element());
    const std::vector<double> per_epoch = {.5, .125, .03125};
    BOOST_TEST(record.epoch_lr == per_epoch, tt::per_element());
    BOOST_TEST(record.last_lr == .03125);
}

BOOST_AUTO_TEST_CASE(a_plateau_cuts_the_rate_while_it_trains) {
    TrialSpec trial = blobs_trial(registry, 100, 12, 1e-6);  // too slow to get better by a hundredth
    trial.schedule = schedule(registry, "plateau", 1e-6,
                              {{"patience", std::int64_t{1}}, {"factor", 0.5}, {"margin_abs", 0.01}, {"margin_rel", 0.0}, {"eps", 0.0}});
    trial.schedule.monitor = MonitorSpec{.metric = "test_loss"};
    const Record record = run(trial, registry);
    // The first report is the best; bad > patience from the third on; every second epoch after that.
    BOOST_TEST(record.epoch_lr[0] == 1e-6);
    BOOST_TEST(record.epoch_lr[2] == 1e-6);
    BOOST_TEST(record.epoch_lr[3] == 0.5e-6);
    BOOST_TEST(record.epoch_lr[11] < 0.1e-6);
}

BOOST_AUTO_TEST_CASE(a_plateau_in_a_product_cuts_the_rate_while_it_trains) {
    TrialSpec trial = blobs_trial(registry, 100, 5, 1e-6);
    const ScheduleSpec step = schedule(registry, "step", 1e-6, {{"size", Duration{8, TimeUnit::ticks}}, {"gamma", 0.5}});
    const ScheduleSpec plateau = schedule(registry, "plateau", 1e-6,
                                          {{"patience", std::int64_t{1}}, {"factor", 0.5}, {"margin_abs", 0.01}, {"margin_rel", 0.0}, {"eps", 0.0}});
    trial.schedule = {};
    trial.schedule.name = "product";
    trial.schedule.monitor = MonitorSpec{.metric = "test_loss"};
    trial.schedule.combination = Combination::product;
    trial.schedule.children = {plateau, step};
    const Record record = run(trial, registry);
    const std::vector<double> expected = {1e-6, 1e-6, 1e-6, 0.5e-6, 0.25e-6};  // the step falls at update 8, epoch 4
    BOOST_TEST(record.epoch_lr == expected, tt::per_element());
}

BOOST_AUTO_TEST_CASE(divergence_is_an_outcome_with_its_update) {
    const Record record = run(blobs_trial(registry, 100, 20, 1e20), registry);
    BOOST_TEST((record.status == Status::diverged));
    BOOST_TEST_REQUIRE(record.diverged_at.has_value());
    BOOST_TEST(*record.diverged_at < 40u);
    BOOST_TEST(record.epochs < 20u);
    for (const auto& [metric, value] : record.counts_as) BOOST_TEST(std::isfinite(value), metric);
    const auto counts = [&](const std::string& metric) {
        for (const auto& [name, value] : record.counts_as)
            if (name == metric) return value;
        return -1.0;
    };
    BOOST_TEST(counts("test_accuracy") >= 1.0 / 3);
    BOOST_TEST(counts("test_accuracy") < 0.5);
    BOOST_TEST(counts("test_loss") > 0);
}

BOOST_AUTO_TEST_CASE(every_trial_knows_the_loss_of_its_initialised_network) {
    const Record learned = run(blobs_trial(registry, 100, 5, 0.1), registry), slow = run(blobs_trial(registry, 100, 1, 1e-6), registry);
    const Record diverged = run(blobs_trial(registry, 100, 20, 1e20), registry);
    BOOST_TEST((learned.status == Status::completed));
    const auto counts = [](const Record& record, const std::string& metric) {
        for (const auto& [name, value] : record.counts_as)
            if (name == metric) return value;
        return -1.0;
    };
    // Rate and length play no part, and a network made afresh, as divergence makes it, has the same.
    for (const char* metric : {"train_loss", "train_accuracy", "test_loss", "test_accuracy"})
        BOOST_TEST(counts(learned, metric) == counts(slow, metric), metric);
    for (const char* metric : {"train_accuracy", "test_loss", "test_accuracy"})
        BOOST_TEST(counts(learned, metric) == counts(diverged, metric), metric);
    // At a rate of almost nothing the loss stays what it was.
    BOOST_TEST(counts(slow, "test_loss") == slow.find("test_loss")->final, boost::test_tools::tolerance(1e-4));
}

BOOST_AUTO_TEST_CASE(the_first_batch_tells_the_training_loss_before_any_update) {
    TrialSpec trial = blobs_trial(registry, 100, 1, 0.5);
    trial.train.batch = 100000;  // one update: the epoch's mean is the first batch's
    const Record record = run(trial, registry);
    BOOST_TEST(record.updates == 1U);
    BOOST_TEST(record.counts_as.front().first == "train_loss");
    BOOST_TEST(record.counts_as.front().second == record.find("train_loss")->final);
}

BOOST_AUTO_TEST_CASE(a_loss_above_the_limit_is_divergence_at_once) {
    TrialSpec trial = blobs_trial(registry);
    trial.loss_above = 1e-9;
    const Record record = run(trial, registry);
    BOOST_TEST((record.status == Status::diverged));
    BOOST_TEST(record.diverged_at.value() == 0u);
    BOOST_TEST(record.find("train_loss")->values.empty());
}

BOOST_AUTO_TEST_CASE(validation_is_the_last_part_of_training) {
    TrialSpec trial = blobs_trial(registry);
    trial.data.values.set("validation", 0.2);
    const Record record = run(trial, registry);
    BOOST_TEST(record.find("validation_loss") != nullptr);
    BOOST_TEST(record.find("validation_accuracy")->values.size() == 5u);
    BOOST_TEST(record.updates == 10u);  // 40 samples are left: two batches
}

BOOST_AUTO_TEST_CASE(a_raised_stop_gives_no_half_record) {
    const TrialSpec trial = blobs_trial(registry);
    const auto data = load_dataset(trial.data, {});
    const std::atomic<bool> stop{true};
    BOOST_TEST(!run_trial(trial, {.optimizer = registry.require(PluginKind::optimizer, "sgd"),
                                  .schedule = registry.require(PluginKind::schedule, "constant"),
                                  .data = *data,
                                  .stop = &stop}));
}

BOOST_AUTO_TEST_CASE(a_network_of_two_inputs_leaves_its_decision_map) {
    const Record record = run(blobs_trial(registry, 400, 40, 0.1), registry);
    BOOST_TEST_REQUIRE(record.decision.has_value());
    const DecisionMap& map = *record.decision;
    BOOST_TEST(map.classes.size() == map.columns * map.rows);
    std::vector<std::size_t> counts(3);
    for (const std::uint8_t c : map.classes) ++counts.at(c);
    for (const std::size_t count : counts) BOOST_TEST(count > 0u);
}

BOOST_AUTO_TEST_CASE(dropping_the_last_batch_leaves_whole_ones) {
    TrialSpec trial = blobs_trial(registry);
    trial.train.drop_last = true;
    BOOST_TEST(run(trial, registry).updates == 5u);
}

BOOST_AUTO_TEST_SUITE_END()
