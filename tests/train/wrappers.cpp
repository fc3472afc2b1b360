// Wrappers at work in a trial: what an update is, where is evaluated, and what a second look at a batch sees.
#include <boost/test/unit_test.hpp>

#include <cmath>

#include "data/batches.hpp"
#include "model/model.hpp"
#include "support/trials.hpp"
#include "train/naive_mlp.hpp"
#include "train/update_batch.hpp"
#include "wrappers/kinds.hpp"

namespace tt = boost::test_tools;
using namespace etude;
using namespace etude::test;

namespace {

Component wrapper(const std::string& name, std::vector<std::pair<std::string, Value>> given) {
    return component(*find_wrapper_kind(name), std::move(given));
}
Component accumulate(std::int64_t k) { return wrapper("accumulate", {{"k", k}}); }

/// 100 samples for training, the others for testing, in updates of 24, 24, 24, 24 and 4 samples.
TrialSpec trial_with(Registry& registry, std::vector<Component> wrappers, std::uint64_t batch = 24, std::uint64_t epochs = 6) {
    TrialSpec trial = blobs_trial(registry, 200, epochs, 0.05);
    trial.seed = 3;
    trial.train.batch = batch;
    trial.optimizer.wrappers = std::move(wrappers);
    return trial;
}

NaiveMlp naive_of(const TrialSpec& trial) {
    Model model(trial.model, trial.loss, {2, 1, 1}, {.training = {4}, .evaluation = {100}}, trial.seed);
    return NaiveMlp(model.weights(), 2, 8, 3);
}

/// Trains `naive` on the trial's batches; `update` makes one update and gives its loss, `evaluated` the weights to evaluate at.
template <class Update, class Evaluated>
void check(const Record& record, const TrialSpec& trial, std::uint64_t samples_in_update, NaiveMlp naive, Update&& update, Evaluated&& evaluated) {
    const auto data = load_dataset(trial.data, {});
    Batches batches(data->train, samples_in_update, false, trial.seed);
    BOOST_TEST_REQUIRE(record.epochs == trial.train.epochs);
    BOOST_TEST(record.updates == trial.train.epochs * batches.per_epoch());
    for (std::uint64_t epoch = 0; epoch < trial.train.epochs; ++epoch) {
        batches.begin_epoch(epoch);
        double running = 0;
        for (std::size_t i = 0; i < batches.per_epoch(); ++i)
            running += update(naive, data->train, batches.rows(i)) * static_cast<double>(batches.rows(i).size());
        BOOST_TEST(record.find("train_loss")->values[epoch] == static_cast<float>(running / 100), tt::tolerance(2e-5f));
        NaiveMlp there = naive;
        there.weights() = evaluated(naive.weights());
        BOOST_TEST(record.find("test_loss")->values[epoch] == static_cast<float>(there.mean_loss(data->test)), tt::tolerance(2e-5f));
    }
}

const auto descend = [](NaiveMlp& naive, const Part& part, std::span<const std::uint32_t> rows) { return naive.update(part, rows, 0.05); };
const auto at_the_weights = [](const std::vector<double>& w) { return w; };

/// An update with the gradient rho away from the weights, up the hill.
const auto descend_from_above = [](NaiveMlp& naive, const Part& part, std::span<const std::uint32_t> rows) {
    const auto [loss, gradient] = naive.mean(part, rows);
    double squares = 0;
    for (const double g : gradient) squares += g * g;
    NaiveMlp above = naive;
    for (std::size_t i = 0; i < gradient.size(); ++i) above.weights()[i] += 0.3 * gradient[i] / std::sqrt(squares);
    const auto there = above.mean(part, rows);
    for (std::size_t i = 0; i < gradient.size(); ++i) naive.weights()[i] -= 0.05 * there.gradient[i];
    return loss;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(train_wrappers, WithPlugins)

BOOST_AUTO_TEST_CASE(an_accumulated_update_is_one_of_the_mean_over_all_its_samples) {
    // Pieces of 8, 8 and 8; the last update of an epoch has 4 samples. And of 7, 7, 7, 7: 28, 28, 28, 16 = 7 + 7 + 2.
    const TrialSpec thrice = trial_with(registry, {accumulate(3)}, 8);
    check(run(thrice, registry), thrice, 24, naive_of(thrice), descend, at_the_weights);
    const TrialSpec uneven = trial_with(registry, {accumulate(4)}, 7);
    check(run(uneven, registry), uneven, 28, naive_of(uneven), descend, at_the_weights);
}

BOOST_AUTO_TEST_CASE(schedules_and_records_count_accumulated_updates) {
    TrialSpec trial = trial_with(registry, {accumulate(3)}, 8, 2);
    trial.schedule = schedule(registry, "step", 0.05, {{"size", Duration{5, TimeUnit::ticks}}, {"gamma", 0.5}});
    trial.record_lr_per_update = true;
    const Record record = run(trial, registry);
    const std::vector<double> expected{.05, .05, .05, .05, .05, .025, .025, .025, .025, .025};
    BOOST_TEST(record.update_lr == expected, tt::per_element());
}

BOOST_AUTO_TEST_CASE(drop_last_leaves_out_an_update_that_is_not_whole) {
    TrialSpec trial = trial_with(registry, {accumulate(3)}, 8, 2);
    trial.train.drop_last = true;
    BOOST_TEST(run(trial, registry).updates == 8u);
}

BOOST_AUTO_TEST_CASE(an_average_is_evaluated_and_training_goes_on_from_the_weights) {
    const TrialSpec trial = trial_with(registry, {wrapper("ema", {{"decay", 0.8}})});
    const Record record = run(trial, registry);
    std::vector<double> mean;
    const auto update = [&](NaiveMlp& naive, const Part& part, std::span<const std::uint32_t> rows) {
        const double loss = naive.update(part, rows, 0.05);
        if (mean.empty()) mean = naive.weights();
        else for (std::size_t i = 0; i < mean.size(); ++i) mean[i] = 0.8 * mean[i] + 0.2 * naive.weights()[i];
        return loss;
    };
    check(record, trial, 24, naive_of(trial), update, [&](const std::vector<double>&) { return mean; });
    const Record plain = run(trial_with(registry, {}), registry);
    BOOST_TEST(record.find("train_loss")->values == plain.find("train_loss")->values, tt::per_element());
    BOOST_TEST(record.find("test_loss")->final != plain.find("test_loss")->final);
}

BOOST_AUTO_TEST_CASE(before_an_average_begins_the_weights_are_evaluated) {
    const TrialSpec trial = trial_with(registry, {wrapper("swa", {{"start", Duration{4, TimeUnit::epochs}}})});
    const Record record = run(trial, registry), plain = run(trial_with(registry, {}), registry);
    const std::vector<float>&averaged = record.find("test_loss")->values, &at_weights = plain.find("test_loss")->values;
    for (std::size_t epoch = 0; epoch < 4; ++epoch) BOOST_TEST(averaged[epoch] == at_weights[epoch]);  // the first of the mean is that of epoch 4
    BOOST_TEST(averaged[4] != at_weights[4]);
}

BOOST_AUTO_TEST_CASE(sam_takes_the_gradient_of_the_same_samples_uphill) {
    const Component sam = wrapper("sam", {{"rho", 0.3}});
    const TrialSpec trial = trial_with(registry, {sam});
    check(run(trial, registry), trial, 24, naive_of(trial), descend_from_above, at_the_weights);
    const TrialSpec in_pieces = trial_with(registry, {accumulate(3), sam}, 8);
    check(run(in_pieces, registry), in_pieces, 24, naive_of(in_pieces), descend_from_above, at_the_weights);
}

BOOST_AUTO_TEST_CASE(a_second_look_sees_the_same_masks_and_leaves_no_trace) {
    TrialSpec trial = blobs_trial(registry, 200);
    trial.model = {dense(8), component(*find_layer_kind("batch_norm")), component(*find_layer_kind("dropout"), {{"rate", 0.4}}), dense(3)};
    const auto data = load_dataset(trial.data, {});
    Model model(trial.model, trial.loss, {2, 1, 1}, {.training = {32, 4}, .evaluation = {100}}, 0);
    UpdateBatch samples(model, data->train, true, {.batch = 32, .count = 4}, true);
    std::vector<std::uint32_t> rows(100);
    for (std::uint32_t i = 0; i < 100; ++i) rows[i] = i;
    const double loss = samples.run(rows, 7, {}).loss / 100;
    const std::vector<float> weights(model.weights().begin(), model.weights().end()), gradients(model.gradients().begin(), model.gradients().end());
    const auto evaluated = [&] { return Evaluator(data->test, 3, true).run(model).loss; };  // with the running estimates of the batch norm
    const double test_loss = evaluated();
    const auto is_unchanged = [&] { return std::ranges::equal(model.weights(), weights) && std::ranges::equal(model.gradients(), gradients); };

    BOOST_TEST(samples.loss(weights) == loss);
    BOOST_TEST(is_unchanged());
    std::vector<float> again(weights.size()), elsewhere(weights.size(), 0.1f);
    BOOST_TEST(samples.gradient(weights, again) == loss);
    BOOST_TEST(again == gradients, tt::per_element());
    BOOST_TEST(samples.gradient(elsewhere, again) != loss);
    BOOST_TEST(again != gradients, tt::per_element());
    BOOST_TEST(is_unchanged());
    BOOST_TEST(evaluated() == test_loss);
    samples.gradient(elsewhere, model.gradients());  // in the place of the first ones
    BOOST_TEST(std::ranges::equal(model.gradients(), again));
    BOOST_TEST(std::ranges::equal(model.weights(), weights));
    BOOST_TEST(samples.run(rows, 8, {}).loss / 100 != loss);
}

BOOST_AUTO_TEST_CASE(armijo_lowers_the_loss_of_a_whole_batch_in_every_update) {
    TrialSpec trial = trial_with(registry, {}, 100, 15);
    trial.optimizer = optimizer(registry, "armijo", 10);
    const Record record = run(trial, registry);
    const std::vector<float>& losses = record.find("train_loss")->values;
    BOOST_TEST_REQUIRE(losses.size() == 15u);
    for (std::size_t i = 1; i < losses.size(); ++i) BOOST_TEST(losses[i] < losses[i - 1]);
}

BOOST_AUTO_TEST_SUITE_END()
