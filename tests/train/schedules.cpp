// What moves during a run besides the weights, against the same training written down in double with loops: scheduled batches and parameters, groups.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>
#include <numbers>

#include "data/batches.hpp"
#include "model/model.hpp"
#include "support/trials.hpp"
#include "train/naive_mlp.hpp"
#include "train/run_plan.hpp"
#include "train/run_trial.hpp"
#include "wrappers/average.hpp"
#include "wrappers/kinds.hpp"

namespace tt = boost::test_tools;
using namespace etude;
using namespace etude::test;

namespace {

struct Fixture : WithPlugins {
    /// In the words of a study.
    ScheduleSpec given(const std::string& name, double base, ScheduleUnit unit, const std::vector<GivenValue>& values) {
        GivenTime time;
        time.unit = unit;
        auto resolution = resolve_schedule(registry.require(PluginKind::schedule, name), "", base, time, values);
        BOOST_TEST_REQUIRE(resolution.problems.empty());
        return std::move(resolution.spec);
    }
    /// Doubles every three epochs.
    void grow_batch(TrialSpec& trial) {
        trial.batch_schedule = given("step", static_cast<double>(trial.train.batch), ScheduleUnit::epoch,
                                     {{"size", Duration{3, TimeUnit::ticks}}, {"gamma", 2.0}});
    }
    RunPlan plan_of(const TrialSpec& trial, std::size_t samples = 100) { return {trial, schedule_plugins(registry, trial), samples}; }
};

/// One update as the naive loop sees it.
struct Moment {
    std::uint64_t update = 0, epoch = 0, place = 0, of = 1;  ///< the place-th of the epoch's updates
    double epochs() const { return static_cast<double>(epoch) + static_cast<double>(place) / static_cast<double>(of); }
};
using Step = std::function<void(std::vector<double>& weights, const std::vector<double>& gradient, const Moment& moment)>;

/// Trains the 2-8-3 network of blobs_trial() in double; compares the curves of `record`.
void compare(const TrialSpec& trial, const Record& record, const std::function<std::uint64_t(std::uint64_t epoch)>& batch, const Step& step) {
    const auto data = load_dataset(trial.data, {});
    const std::size_t samples = data->train.count();
    Model model(trial.model, trial.loss, {2, 1, 1}, {.training = {8}, .evaluation = {8}}, trial.seed);
    NaiveMlp naive(model.weights(), 2, 8, 3);
    Batches order(data->train, 1, false, trial.seed);
    Moment moment;
    BOOST_TEST_REQUIRE(record.epochs == trial.train.epochs);
    for (std::uint64_t epoch = 0; epoch < trial.train.epochs; ++epoch) {
        order.begin_epoch(epoch);
        std::vector<std::uint32_t> rows;
        for (std::size_t i = 0; i < samples; ++i) rows.push_back(order.rows(i)[0]);
        const std::uint64_t size = batch(epoch);
        moment.epoch = epoch;
        moment.of = trial.train.drop_last ? samples / size : (samples + size - 1) / size;
        double running = 0;
        std::size_t seen = 0;
        for (moment.place = 0; moment.place < moment.of; ++moment.place, ++moment.update) {
            const std::size_t first = moment.place * size, count = std::min<std::size_t>(size, samples - first);
            const auto mean = naive.mean(data->train, std::span<const std::uint32_t>(rows).subspan(first, count));
            running += mean.loss * static_cast<double>(count);
            seen += count;
            step(naive.weights(), mean.gradient, moment);
        }
        BOOST_TEST_CONTEXT("epoch " << epoch) {
            BOOST_TEST(record.find("train_loss")->values[epoch] == static_cast<float>(running / static_cast<double>(seen)), tt::tolerance(5e-5f));
            BOOST_TEST(record.find("test_loss")->values[epoch] == static_cast<float>(naive.mean_loss(data->test)), tt::tolerance(5e-5f));
        }
    }
    BOOST_TEST(record.updates == moment.update);
}

Step descent(const std::function<double(const Moment&)>& rate) {
    return [rate](std::vector<double>& w, const std::vector<double>& g, const Moment& moment) {
        for (std::size_t i = 0; i < w.size(); ++i) w[i] -= rate(moment) * g[i];
    };
}

std::uint64_t doubled(std::uint64_t epoch) { return std::uint64_t{16} << (epoch / 3); }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(train_schedules, Fixture)

BOOST_AUTO_TEST_CASE(a_batch_that_grows_follows_the_same_training_written_in_double) {
    TrialSpec trial = blobs_trial(registry, 200, 9, 0.05);
    trial.train.batch = 16;
    trial.seed = 3;
    grow_batch(trial);
    compare(trial, run(trial, registry), doubled, descent([](const Moment&) { return 0.05; }));
    trial.train.drop_last = true;
    compare(trial, run(trial, registry), doubled, descent([](const Moment&) { return 0.05; }));
}

BOOST_AUTO_TEST_CASE(samples_drive_a_cosine_that_counts_epochs_while_the_batch_grows) {
    TrialSpec trial = blobs_trial(registry, 200, 9, 0.2);
    trial.train.batch = 16;
    grow_batch(trial);
    trial.record_lr_per_update = true;
    // Half-open over all 9 epochs: the rate is a function of the samples seen, whatever the batch.
    trial.schedule = given("cosine", 0.2, ScheduleUnit::epoch_frac, {});
    trial.schedule.ends = Ends::half_open;
    const auto rate = [](const Moment& moment) { return 0.1 * (1 + std::cos(std::numbers::pi * moment.epochs() / 9)); };
    const Record record = run(trial, registry);
    compare(trial, record, doubled, descent(rate));
    BOOST_TEST_REQUIRE(record.update_lr.size() == 3u * 7 + 3 * 4 + 3 * 2);  // 100 samples by 16, 32, 64
    BOOST_TEST(record.update_lr[3 * 7] == 0.1 * (1 + std::cos(std::numbers::pi / 3)), tt::tolerance(1e-12));
    BOOST_TEST(record.update_lr[3 * 7 + 2] == 0.1 * (1 + std::cos(std::numbers::pi * 3.5 / 9)), tt::tolerance(1e-12));
    // Closed: the very last update has the last rate, although ticks differ.
    trial.schedule.ends = Ends::closed;
    BOOST_TEST(run(trial, registry).update_lr.back() == 0.0);
}

BOOST_AUTO_TEST_CASE(milestones_and_warmup_in_epochs_stay_where_the_samples_are) {
    TrialSpec trial = blobs_trial(registry, 200, 9, 0.1);
    trial.train.batch = 16;
    grow_batch(trial);
    trial.record_lr_per_update = true;
    trial.schedule = given("multi_step", 0.1, ScheduleUnit::update,
                           {{"milestones", std::vector<Duration>{{3, TimeUnit::epochs}, {0.5, TimeUnit::fraction}, {7, TimeUnit::epochs}}},
                            {"gamma", std::vector<double>{0.5}}});
    // By hand: epochs begin at updates 0 7 14 21 25 29 33 35 37, the run has 39. Half of the samples is the middle of epoch 4: update 27.
    std::vector<double> expected;
    for (std::uint64_t update = 0; update < 39; ++update) expected.push_back(update < 21 ? 0.1 : update < 27 ? 0.05 : update < 35 ? 0.025 : 0.0125);
    BOOST_TEST(run(trial, registry).update_lr == expected, tt::per_element());

    trial.schedule = given("constant", 0.1, ScheduleUnit::update, {});
    trial.schedule.warmup = WarmupSpec{.length = {4, TimeUnit::epochs}, .from = 0, .ends = Ends::half_open};
    const std::vector<double> rates = run(trial, registry).update_lr;
    for (std::uint64_t update = 0; update < 39; ++update)
        BOOST_TEST(rates[update] == std::min(0.1, 0.1 * static_cast<double>(update) / 25), tt::tolerance(1e-12));

    trial.schedule = given("step", 0.1, ScheduleUnit::epoch, {{"size", Duration{2, TimeUnit::ticks}}, {"gamma", 0.5}});
    trial.schedule.warmup = WarmupSpec{.length = {2, TimeUnit::epochs}, .from = 0.1};
    const std::vector<double> steps = run(trial, registry).update_lr;
    const std::vector<std::pair<std::uint64_t, double>> changes = {{0, 0.1}, {14, 0.1}, {25, 0.05}, {33, 0.025}, {37, 0.0125}};  // epochs 2, 4, 6, 8
    for (const auto& [update, rate] : changes) BOOST_TEST(steps[update] == rate, "update " << update);
    for (const std::uint64_t before : {25, 33, 37}) BOOST_TEST(steps[before - 1] == 2 * steps[before], "update " << before);
}

BOOST_AUTO_TEST_CASE(sequences_repeats_and_quantize_count_epochs_of_a_growing_batch) {
    TrialSpec trial = blobs_trial(registry, 200, 9, 1);
    trial.train.batch = 16;
    grow_batch(trial);
    trial.record_lr_per_update = true;
    const auto begins = [](const std::vector<double>& rates) {  // of stretches of one rate
        std::vector<std::size_t> places;
        for (std::size_t i = 1; i < rates.size(); ++i)
            if (rates[i] != rates[i - 1]) places.push_back(i);
        return places;
    };
    // A cosine held for two epochs each time: new values at epochs 2, 4, 6, 8.
    trial.schedule = given("cosine", 1, ScheduleUnit::update, {});
    trial.schedule.shaping.quantize = Duration{2, TimeUnit::epochs};
    const std::vector<std::size_t> held = {14, 25, 33, 37};
    BOOST_TEST(begins(run(trial, registry).update_lr) == held, tt::per_element());
    // A drop at the end of epoch 2 of every cycle of three: twice as wide in updates when the batch is half as large.
    trial.schedule = given("multi_step", 1, ScheduleUnit::epoch,
                           {{"milestones", std::vector<Duration>{{2, TimeUnit::ticks}}}, {"gamma", std::vector<double>{0.5}}});
    trial.schedule.shaping.repeat = RepeatSpec{.period = {3, TimeUnit::epochs}};
    const std::vector<std::size_t> cycles = {14, 21, 29, 33, 37};
    BOOST_TEST(begins(run(trial, registry).update_lr) == cycles, tt::per_element());
    // One schedule after the other.
    ScheduleSpec low = given("constant", 1, ScheduleUnit::update, {}), high = low;
    low.shaping.scale = 0.5;
    low.lasts = Duration{3.5, TimeUnit::epochs};
    trial.schedule = {};
    trial.schedule.name = "sequence";
    trial.schedule.combination = Combination::sequence;
    trial.schedule.children = {low, high};
    BOOST_TEST(begins(run(trial, registry).update_lr) == (std::vector<std::size_t>{23}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(the_table_of_epochs_and_the_sizes_of_pieces_are_known_before_the_run) {
    TrialSpec trial = blobs_trial(registry, 200, 9, 0.05);
    trial.train.batch = 16;
    grow_batch(trial);
    const RunPlan plan = plan_of(trial);
    BOOST_TEST(plan.length().updates == 39u);
    BOOST_TEST(plan.length().per_epoch == 7u);
    const EpochTable& epochs = plan.length().epochs;
    BOOST_TEST(epochs.epochs() == 9u);
    const std::vector<std::uint64_t> firsts = {0, 7, 14, 21, 25, 29, 33, 35, 37};
    for (std::uint64_t epoch = 0; epoch < 9; ++epoch) {
        BOOST_TEST(epochs.epoch_of(firsts[epoch]) == epoch);
        BOOST_TEST(epochs.update_at(static_cast<double>(epoch)) == static_cast<double>(firsts[epoch]));
        BOOST_TEST(epochs.epochs_at(static_cast<double>(firsts[epoch])) == static_cast<double>(epoch));
        if (epoch > 0) BOOST_TEST(epochs.epoch_of(firsts[epoch] - 1) == epoch - 1);
    }
    BOOST_TEST(epochs.epoch_of(39) == 9u);  // the last epoch goes on
    BOOST_TEST(epochs.update_at(10.5) == 42.0);
    const std::vector<std::size_t> sizes = {16, 4, 32, 64, 36};
    BOOST_TEST(plan.sizes() == sizes, tt::per_element());
}

BOOST_AUTO_TEST_CASE(an_average_of_epochs_takes_their_ends_while_the_batch_grows) {
    TrialSpec trial = blobs_trial(registry, 200, 9, 0.05);
    trial.train.batch = 16;
    grow_batch(trial);
    const RunPlan plan = plan_of(trial);
    const Component swa = component(*find_wrapper_kind("swa"), {{"start", Duration{4, TimeUnit::epochs}}, {"every", Duration{1, TimeUnit::epochs}}});
    Average average(swa, 1, plan.length(), chosen_isa());
    for (std::uint64_t update = 0; update < plan.length().updates; ++update) average.take(update, std::vector<float>{static_cast<float>(update)});
    std::vector<float> mean(1);
    average.write(mean);
    BOOST_TEST(mean[0] == (24 + 28 + 32 + 34 + 36 + 38) / 6.0f);  // the last updates of epochs 3 to 8
}

BOOST_AUTO_TEST_CASE(batches_of_one_size_are_a_run_without_a_table) {
    TrialSpec trial = blobs_trial(registry, 200, 9, 0.05);
    trial.batch_schedule = given("constant", 32, ScheduleUnit::epoch, {});
    BOOST_TEST(plan_of(trial).length().epochs.is_empty());
    BOOST_TEST(run(trial, registry).find("train_loss")->values == run(blobs_trial(registry, 200, 9, 0.05), registry).find("train_loss")->values,
               tt::per_element());
}

BOOST_AUTO_TEST_CASE(a_batch_is_rounded_and_none_is_refused) {
    TrialSpec trial = blobs_trial(registry, 200, 3, 0.05);
    trial.train.batch = 10;
    trial.batch_schedule = given("exponential", 10, ScheduleUnit::epoch, {{"rate", 1.26}});
    const RunPlan plan = plan_of(trial);  // 10, 12.6, 15.876
    const std::vector<std::uint64_t> batches = {10, 13, 16};
    for (std::uint64_t epoch = 0; epoch < 3; ++epoch) BOOST_TEST(plan.batch(epoch) == batches[epoch]);
    trial.batch_schedule = given("exponential", 10, ScheduleUnit::epoch, {{"rate", 0.125}});
    BOOST_CHECK_EXCEPTION(plan_of(trial), Error, [](const Error& e) { return std::string(e.what()) == "train.batch is 0.15625 in epoch 2"; });
    trial.train.epochs = 100;
    trial.batch_schedule = given("linear", 10, ScheduleUnit::epoch, {{"end", 100.0}});
    BOOST_CHECK_EXCEPTION(plan_of(trial), Error, [](const Error& e) { return std::string(e.what()) == "train.batch has 91 different sizes"; });
}

BOOST_AUTO_TEST_CASE(a_scheduled_momentum_follows_the_same_training_written_in_double) {
    TrialSpec trial = blobs_trial(registry, 200, 6, 0.05);
    trial.optimizer = optimizer(registry, "sgd", 0.05, {{"momentum", 0.5}, {"weight_decay", 0.01}});
    trial.schedules = {{"momentum", given("linear", 0.5, ScheduleUnit::update, {{"end", 0.9}})},
                       {"weight_decay", given("step", 0.01, ScheduleUnit::epoch, {{"size", Duration{2, TimeUnit::ticks}}, {"gamma", 0.5}})}};
    std::vector<double> velocity;
    const auto step = [&](std::vector<double>& w, const std::vector<double>& g, const Moment& moment) {
        velocity.resize(w.size());
        const double momentum = 0.5 + 0.4 * static_cast<double>(moment.update) / 23,
                     decay = 0.01 * std::pow(0.5, static_cast<double>(moment.epoch / 2));
        for (std::size_t i = 0; i < w.size(); ++i) {
            velocity[i] = momentum * velocity[i] + g[i] + decay * w[i];
            w[i] -= 0.05 * velocity[i];
        }
    };
    compare(trial, run(trial, registry), [](std::uint64_t) { return 32; }, step);
}

BOOST_AUTO_TEST_CASE(groups_follow_the_same_training_written_in_double) {
    TrialSpec trial = blobs_trial(registry, 200, 6, 0.05);
    trial.optimizer = optimizer(registry, "sgd", 0.05, {{"momentum", 0.5}, {"weight_decay", 0.02}});
    Values no_decay, slow;
    no_decay.set("weight_decay", 0.0);
    slow.set("momentum", 0.8);
    trial.groups = {{.match = {"bias"}, .lr_scale = 2, .values = no_decay}, {.match = {"weight"}, .layers = {1}, .lr_scale = 0.5, .values = slow}};
    trial.schedules = {{"momentum", given("linear", 0.5, ScheduleUnit::update, {{"end", 0.25}})}};
    std::vector<double> velocity;
    const auto step = [&](std::vector<double>& w, const std::vector<double>& g, const Moment& moment) {
        velocity.resize(w.size());
        const double factor = 1 - 0.5 * static_cast<double>(moment.update) / 23;  // of the momentum of every group
        for (std::size_t i = 0; i < w.size(); ++i) {
            // Flat order: weight [8, 2], bias [8], weight [3, 8], bias [3].
            const bool is_bias = (i >= 16 && i < 24) || i >= 48, is_second = i >= 24 && i < 48;
            const double scale = is_bias ? 2 : is_second ? 0.5 : 1, momentum = factor * (is_second ? 0.8 : 0.5), decay = is_bias ? 0 : 0.02;
            velocity[i] = momentum * velocity[i] + g[i] + decay * w[i];
            w[i] -= 0.05 * scale * velocity[i];
        }
    };
    compare(trial, run(trial, registry), [](std::uint64_t) { return 32; }, step);
}

BOOST_AUTO_TEST_CASE(accumulated_batches_grow_with_their_pieces) {
    TrialSpec whole = blobs_trial(registry, 200, 6, 0.05), pieces = whole;
    whole.train.batch = 16;
    grow_batch(whole);
    pieces.train.batch = 8;
    grow_batch(pieces);
    pieces.optimizer.wrappers.push_back({"accumulate", {}});
    pieces.optimizer.wrappers.back().values.set("k", std::int64_t{2});
    const Record a = run(whole, registry), b = run(pieces, registry);
    BOOST_TEST(a.updates == b.updates);
    for (std::size_t epoch = 0; epoch < 6; ++epoch)
        BOOST_TEST(a.find("test_loss")->values[epoch] == b.find("test_loss")->values[epoch], tt::tolerance(2e-5f));
}

BOOST_AUTO_TEST_SUITE_END()
