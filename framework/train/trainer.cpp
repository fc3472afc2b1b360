// One trial. The steps, in order:
//   bind: model, optimizer and schedule get their buffers and primitives; nothing is built after this
//   epoch: shuffle; for each update gather, forward, loss, backward, rate, step; then evaluate, record, report to the schedule
//   end: the decision map of small networks, what a diverged trial counts with
// The rate of update t is base * factor(t), with the schedule's state as it was before the update.
// Between two epochs all that is carried on is what Trainer::exchange names.
#include "train/trainer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <new>

#include "base/denormals.hpp"
#include "data/batches.hpp"
#include "plugin/bound.hpp"
#include "plugin/parameter_schedules.hpp"
#include "tensor/team.hpp"
#include "train/decision_map.hpp"
#include "train/evaluator.hpp"
#include "train/groups.hpp"
#include "train/metrics.hpp"
#include "train/run_plan.hpp"
#include "train/update_batch.hpp"
#include "wrappers/kinds.hpp"
#include "wrappers/wrapped_optimizer.hpp"

namespace etude {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t updates_between_stop_checks = 256;

InputShape input_shape(const Dataset& data) { return {data.shape.channels, data.shape.height, data.shape.width}; }

/// Built before the run: every size in which samples will go through the network.
Model::Sizes batch_sizes(const RunPlan& plan, const Dataset& data) {
    Model::Sizes sizes{.training = plan.sizes(), .evaluation = {}};
    for (const Part* part : {&data.train, &data.test, &data.validation})  // the training part: what a diverged trial counts with
        for (const std::size_t size : evaluation_sizes(part->count()))
            if (std::ranges::find(sizes.evaluation, size) == sizes.evaluation.end()) sizes.evaluation.push_back(size);
    if (has_decision_map(data)) sizes.evaluation.push_back(decision_map_side);
    return sizes;
}

std::vector<etude_tensor> tensor_table(const std::vector<TensorInfo>& tensors) {
    std::vector<etude_tensor> table;
    for (const TensorInfo& tensor : tensors) {
        etude_tensor entry{};
        entry.offset = tensor.offset;
        entry.count = tensor.count;
        std::ranges::fill(entry.dims, std::size_t{1});
        std::ranges::copy(tensor.dims, entry.dims);
        entry.rank = static_cast<std::uint32_t>(tensor.dims.size());
        entry.role = static_cast<std::uint32_t>(tensor.role);
        entry.groups = static_cast<std::uint32_t>(tensor.groups);
        table.push_back(entry);
    }
    return table;
}

double most_frequent_share(const Part& part, std::size_t classes) {
    std::vector<std::size_t> counts(std::max<std::size_t>(classes, 1));
    for (std::size_t i = 0; i < part.count(); ++i) ++counts[static_cast<std::size_t>(part.label(i))];
    return static_cast<double>(*std::ranges::max_element(counts)) / static_cast<double>(part.count());
}

class Trainer {
  public:
    Trainer(const TrialSpec& trial, const TrialContext& context)
        : trial_(trial), context_(context), data_(context.data), classification_(data_.classes > 0),
          plan_(trial, context.schedule, data_.train.count()), length_(plan_.length()),
          model_(trial.model, trial.loss, input_shape(data_), batch_sizes(plan_, data_), trial.seed),
          batches_(data_.train, trial.train.batch * accumulated_batches(trial.optimizer), trial.train.drop_last, trial.seed),
          optimizer_(context.optimizer, trial.optimizer, model_.weights().size(),
                     {.length = length_, .seed = trial.seed, .samples = data_.train.count(), .tensors = tensor_table(model_.tensors()),
                      .groups = tensor_groups(trial.groups, trial.optimizer.values, model_.tensors())}),
          schedule_(context.schedule, trial.schedule, trial.optimizer.lr, length_, trial.seed),
          parameters_(context.optimizer, trial.optimizer.values, context.schedule, trial.schedules, length_, trial.seed),
          samples_(model_, data_.train, classification_, {.batch = plan_.largest_batch(), .count = accumulated_batches(trial.optimizer)},
                   optimizer_.looks_around()),
          test_(data_.test, model_.outputs(), classification_), validation_(data_.validation, model_.outputs(), classification_),
          point_(optimizer_.has_evaluation_point() ? model_.weights().size() : 0) {
        for (std::string& name : metric_names(classification_, data_.test.count() > 0, data_.validation.count() > 0))
            record_.curves.push_back({.metric = std::move(name), .values = {}});
        if (trial.instruments.any()) {
            instruments_.emplace(trial.instruments, model_, data_.train, classification_, plan_.batch(0), trial.seed);
            for (std::string& name : instrument_names(trial.instruments)) record_.curves.push_back({.metric = std::move(name), .values = {}});
        }
        reserve_record();
        if (trial.early_stop) early_stop_.emplace(*trial.early_stop);
        if (trial.schedule.monitor) watchers_.push_back({*trial.schedule.monitor, &schedule_});
        for (std::size_t i = 0; i < trial.schedules.size(); ++i)
            if (const auto& monitor = trial.schedules[i].schedule.monitor) watchers_.push_back({*monitor, &parameters_.schedule(i)});
    }

    /// A trainer that has made no update yet goes on from `state`. Throws StateMismatch for the state of another trial.
    void restore(const TrialState& state) {
        const auto same = [](const Curve& a, const Curve& b) { return a.metric == b.metric; };
        if (!std::ranges::equal(state.record.curves, record_.curves, same)) throw StateMismatch("a state with other metrics");
        Archive archive(state.bytes);
        exchange(archive);
        archive.require_end();
        record_ = state.record;
        reserve_record();
        if (early_stop_)
            for (const float value : record_.find(trial_.early_stop->metric)->values) early_stop_->add(value);
    }

    /// Until `until` epochs are finished in all, or to the trial's end. Nothing when it was stopped.
    std::optional<TrialOutcome> run(std::uint64_t until) {
        if (trial_.range_test) return run_range_test(*trial_.range_test);
        if (record_.updates == 0) record_.counts_as = at_start({unknown, unknown}, evaluate());  // the first batch gives training's
        for (std::uint64_t epoch = record_.epochs; epoch < trial_.train.epochs; ++epoch) {
            if (epoch >= until) return state();
            if (stopped()) return std::nullopt;
            const EpochEnd end = run_epoch(epoch);
            if (end == EpochEnd::stopped) return std::nullopt;
            if (end == EpochEnd::diverged || !finish_epoch(epoch)) {
                record_.status = Status::diverged;
                record_.counts_as = what_divergence_counts_as();
                return std::move(record_);
            }
            if (stops_early()) break;
        }
        if (optimizer_.has_evaluation_point()) go_to_evaluation_point();
        if (instruments_) record_.landscape = instruments_->landscape();
        if (has_decision_map(data_)) record_.decision = decision_map(model_, data_, trial_.data);
        return std::move(record_);
    }

  private:
    enum class EpochEnd { finished, diverged, stopped };
    struct Watcher {
        const MonitorSpec& monitor;
        BoundSchedule* schedule;
    };

    void reserve_record() {
        for (Curve& curve : record_.curves) curve.values.reserve(trial_.train.epochs);
        record_.epoch_lr.reserve(trial_.train.epochs);
        if (trial_.record_lr_per_update) record_.update_lr.reserve(length_.updates);
    }

    TrialState state() {
        Archive archive;
        exchange(archive);
        return {.record = record_, .bytes = archive.take()};
    }

    void exchange(Archive& archive) {
        archive.items(model_.weights());
        archive.items(model_.buffers());
        optimizer_.exchange(archive);
        schedule_.exchange(archive);
        parameters_.exchange(archive, optimizer_.inner());
    }

    bool stops_early() { return early_stop_ && early_stop_->add(record_.find(trial_.early_stop->metric)->values.back()); }

    bool stopped() const { return context_.stop != nullptr && context_.stop->load(std::memory_order_relaxed); }

    EpochEnd run_epoch(std::uint64_t epoch) {
        batches_.begin_epoch(epoch, plan_.batch(epoch) * accumulated_batches(trial_.optimizer));
        samples_.set_batch(plan_.batch(epoch));
        running_ = {};
        running_samples_ = 0;
        if (instruments_) instruments_->begin_epoch();
        for (std::size_t i = 0; i < batches_.per_epoch(); ++i) {
            if (!run_update(epoch, batches_.rows(i))) return EpochEnd::diverged;
            if (record_.updates == 1) keep_first_batch();
            if (record_.updates % updates_between_stop_checks == 0 && stopped()) return EpochEnd::stopped;
            if (is_watched(record_.updates))
                report(evaluation_of(running_, running_samples_, model_.outputs(), classification_), measure(), epoch, record_.updates);
        }
        return EpochEnd::finished;
    }

    /// Passes over the data until the ramp or the loss ends it; nothing is evaluated. A divergence is what the test looks for: the trial is
    /// completed, and counts as one epoch.
    std::optional<TrialOutcome> run_range_test(const RangeTestSpec& test) {
        RangeWatch watch(test);
        Curve losses{.metric = range_loss_curve, .values = {}};
        for (std::uint64_t i = 0; i < test.updates; ++i) {
            const std::uint64_t epoch = i / batches_.per_epoch(), place = i % batches_.per_epoch();
            if (place == 0) batches_.begin_epoch(epoch);
            if (i % updates_between_stop_checks == 0 && stopped()) return std::nullopt;
            const bool finite = run_update(epoch, batches_.rows(place));
            losses.values.push_back(static_cast<float>(last_loss_));
            if (watch.add(losses.values.back()) || !finite) break;
        }
        const RangeAnalysis analysis = analyse_range(test, losses.values);
        record_.diverged_at = analysis.diverged_at;
        record_.curves.clear();
        const auto add = [&](const std::string& metric, const std::optional<double>& rate) {
            if (rate) record_.curves.push_back({.metric = metric, .values = {static_cast<float>(*rate)}, .final = *rate});
        };
        for (std::size_t rule = 0; rule < range_rule_count; ++rule) add(range_rule_words()[rule], analysis.suggestions[rule]);
        add(range_metrics().back(), analysis.divergence_rate);
        losses.final = static_cast<double>(losses.values.back());
        record_.curves.push_back({.metric = range_smoothed_curve, .values = {analysis.smoothed.begin(), analysis.smoothed.end()}, .final = analysis.smoothed.back()});
        record_.curves.push_back(std::move(losses));
        record_.epochs = 1;
        record_.epoch_lr = {record_.last_lr};
        return std::move(record_);
    }

    double rate(std::uint64_t update) {
        return trial_.range_test ? range_rate(*trial_.range_test, update) : trial_.optimizer.lr * schedule_.factor(update);
    }

    /// False when the trial diverged; the weights are then those before the update.
    bool run_update(std::uint64_t epoch, std::span<const std::uint32_t> rows) {
        const std::uint64_t update = record_.updates;
        const BatchResult result = samples_.run(rows, update, {.seed = trial_.seed, .epoch = epoch});
        const double loss = result.loss / static_cast<double>(rows.size());
        last_loss_ = loss;
        if (!std::isfinite(loss) || loss > trial_.loss_above.value_or(unbounded)) {
            record_.diverged_at = update;
            return false;
        }
        running_.loss += result.loss;
        running_.correct += result.correct;
        running_.squared_error += result.squared_error;
        running_samples_ += rows.size();

        const double lr = rate(update);
        parameters_.apply(update, optimizer_.inner());
        if (instruments_) instruments_->before_step();
        optimizer_.step(update, lr, loss, rows.size(), model_.weights(), model_.gradients(), samples_);
        if (instruments_) instruments_->after_step();
        record_.last_lr = lr;
        if (trial_.record_lr_per_update) record_.update_lr.push_back(lr);
        ++record_.updates;
        return true;
    }

    /// Evaluates, records and tells the schedule. False when the weights have become useless in the epoch's last update.
    bool finish_epoch(std::uint64_t epoch) {
        const Evaluation train = evaluation_of(running_, running_samples_, model_.outputs(), classification_);
        const Measured measured = measure();
        if ((data_.test.count() > 0 && !std::isfinite(measured.test.loss)) || (data_.validation.count() > 0 && !std::isfinite(measured.validation.loss))) {
            record_.diverged_at = record_.updates - 1;
            return false;
        }
        std::size_t curve = 0;
        const auto put = [&](double value) {
            record_.curves[curve].values.push_back(static_cast<float>(value));
            record_.curves[curve++].final = value;
        };
        const auto add = [&](const Evaluation& e) { put(e.loss), put(e.score); };
        add(train);
        if (data_.test.count() > 0) add(measured.test);
        if (data_.validation.count() > 0) add(measured.validation);
        if (instruments_) std::ranges::for_each(instruments_->finish_epoch(), put);
        record_.epoch_lr.push_back(record_.last_lr);
        record_.epochs = epoch + 1;
        report(train, measured, epoch + 1, 0);
        return true;
    }

    struct Measured {
        Evaluation test{unknown, unknown}, validation{unknown, unknown};
    };

    /// Test and validation part at the network's weights.
    Measured evaluate() {
        Measured measured;
        if (data_.test.count() > 0) measured.test = test_.run(model_);
        if (data_.validation.count() > 0) measured.validation = validation_.run(model_);
        return measured;
    }

    /// The same at the weights to evaluate at: for methods that average these are not the iterate.
    Measured measure() {
        const bool averaged = optimizer_.has_evaluation_point();
        if (averaged) go_to_evaluation_point();
        const Measured measured = evaluate();
        if (averaged) std::ranges::swap_ranges(model_.weights(), point_);
        return measured;
    }

    /// The network then has those weights, and point_ the iterate.
    void go_to_evaluation_point() {
        optimizer_.evaluation_point(record_.updates - 1, model_.weights(), point_);
        std::ranges::swap_ranges(model_.weights(), point_);
    }

    /// Does a schedule want to know after this update, whether or not it ends an epoch?
    bool is_watched(std::uint64_t updates) const {
        return std::ranges::any_of(watchers_, [&](const Watcher& w) { return w.monitor.every_updates > 0 && updates % w.monitor.every_updates == 0; });
    }

    /// Tells those that are told every so many `updates`; 0: after an epoch.
    void report(const Evaluation& train, const Measured& measured, std::uint64_t epochs, std::uint64_t updates) {
        const auto accuracy = [&](const Evaluation& e) { return classification_ ? e.score : unknown; };
        for (const auto& [monitor, schedule] : watchers_) {
            const bool is_due = monitor.every_updates == 0 ? updates == 0 : updates > 0 && updates % monitor.every_updates == 0;
            if (!is_due) continue;
            const std::string& metric = monitor.metric;
            const Evaluation& part = metric.starts_with("train_") ? train : metric.starts_with("test_") ? measured.test : measured.validation;
            schedule->observe(metric.ends_with("_loss") ? part.loss : part.score, smaller_is_better(metric),
                              {.train_loss = train.loss, .train_accuracy = accuracy(train), .validation_loss = measured.validation.loss,
                               .validation_accuracy = accuracy(measured.validation), .test_loss = measured.test.loss, .test_accuracy = accuracy(measured.test)},
                              record_.updates, epochs);
        }
    }

    /// What the network does before any update, as Record::counts_as has it.
    std::vector<std::pair<std::string, double>> at_start(const Evaluation& train, const Measured& measured) const {
        std::vector<std::pair<std::string, double>> values;
        const auto add = [&](const std::string& name, const Part& part, const Evaluation& start) {
            values.emplace_back(name + "_loss", start.loss);
            if (classification_) values.emplace_back(name + "_accuracy", most_frequent_share(part, data_.classes));
            else values.emplace_back(name + "_rmse", start.score);
        };
        add("train", data_.train, train);
        if (data_.test.count() > 0) add("test", data_.test, measured.test);
        if (data_.validation.count() > 0) add("validation", data_.validation, measured.validation);
        return values;
    }

    /// After the first update the running means are those of its batch, at the initial weights.
    void keep_first_batch() {
        const Evaluation first = evaluation_of(running_, running_samples_, model_.outputs(), classification_);
        record_.counts_as[0].second = first.loss;
        if (!classification_) record_.counts_as[1].second = first.score;
    }

    /// A fresh network of the same seed, evaluated on all of the training part too.
    std::vector<std::pair<std::string, double>> what_divergence_counts_as() const {
        Model fresh(trial_.model, trial_.loss, input_shape(data_), batch_sizes(plan_, data_), trial_.seed);
        const auto start = [&](const Part& part) {
            return part.count() > 0 ? Evaluator(part, model_.outputs(), classification_).run(fresh) : Evaluation{unknown, unknown};
        };
        return at_start(start(data_.train), {start(data_.test), start(data_.validation)});
    }

    const TrialSpec& trial_;
    const TrialContext& context_;
    const Dataset& data_;
    bool classification_;
    RunPlan plan_;
    RunLength length_;
    Model model_;
    Batches batches_;
    WrappedOptimizer optimizer_;
    BoundSchedule schedule_;
    ParameterSchedules parameters_;
    std::optional<EarlyStop> early_stop_;
    std::vector<Watcher> watchers_;  // the schedules that are told how the trial does
    UpdateBatch samples_;            // of the present update
    std::optional<Instruments> instruments_;
    Evaluator test_, validation_;
    std::vector<float> point_;  // of methods that average
    BatchResult running_;       // of this epoch so far
    std::size_t running_samples_ = 0;
    double last_loss_ = 0;      // of the last batch
    Record record_;
};

}  // namespace

SchedulePlugins schedule_plugins(Registry& registry, const TrialSpec& trial) {
    SchedulePlugins plugins(registry, trial.schedule);
    for (const ParameterSchedule& scheduled : trial.schedules) plugins.add(registry, scheduled.schedule);
    if (trial.batch_schedule) plugins.add(registry, *trial.batch_schedule);
    return plugins;
}

std::optional<TrialOutcome> run_part(const TrialSpec& trial, const TrialContext& context, const TrialPart& part) {
    const auto start = std::chrono::steady_clock::now();
    const double seconds_before = part.from == nullptr ? 0 : part.from->record.wall_seconds;
    const auto failed = [](const std::string& message) {
        Record record;
        record.status = Status::failed;
        record.message = message;
        return record;
    };
    const FlushDenormals flush;
    const Team team(trial.train.threads);
    std::optional<Trainer> trainer;
    const auto run_until = [&](std::uint64_t epochs) -> std::optional<TrialOutcome> {
        try {
            if (!trainer) {
                trainer.emplace(trial, context);
                if (part.from != nullptr) trainer->restore(*part.from);
            }
            return trainer->run(epochs);
        } catch (const StateMismatch&) {
            throw;
        } catch (const Error& error) {  // the study was checked before: what is left is a plugin that fails at work
            return failed(error.what());
        } catch (const std::bad_alloc&) {
            return failed("out of memory");
        }
    };
    const std::uint64_t end = std::min(part.until.value_or(trial.train.epochs), trial.train.epochs);
    std::uint64_t finished = part.from == nullptr ? 0 : part.from->record.epochs;
    for (;;) {
        const std::uint64_t next = part.save_every == 0 ? end : std::min(end, (finished / part.save_every + 1) * part.save_every);
        std::optional<TrialOutcome> outcome = run_until(next);
        if (!outcome) return outcome;
        record_of(*outcome).wall_seconds = seconds_before + std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        const TrialState* const state = std::get_if<TrialState>(&*outcome);
        if (state == nullptr || state->record.epochs >= end) return outcome;
        finished = state->record.epochs;
        part.save(*state);
    }
}

std::optional<Record> run_trial(const TrialSpec& trial, const TrialContext& context) {
    std::optional<TrialOutcome> outcome = run_part(trial, context, {});
    if (!outcome) return std::nullopt;
    return std::move(record_of(*outcome));
}

}  // namespace etude
