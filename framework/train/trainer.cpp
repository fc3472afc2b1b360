// One trial. The steps, in order:
//   bind: model, optimizer and schedule get their buffers and primitives; nothing is built after this
//   epoch: shuffle; for each update gather, forward, loss, backward, rate, step; then evaluate, record, report to the schedule
//   end: the decision map of small networks, what a diverged trial counts with
// The rate of update t is base * factor(t), with the schedule's state as it was before the update.
// Between two epochs all that is carried on is what Trainer::exchange names.
#include "train/trainer.hpp"

#include <algorithm>
#include <cmath>

#include "train/decision_map.hpp"
#include "train/groups.hpp"
#include "train/metrics.hpp"
#include "train/range_record.hpp"
#include "train/start_values.hpp"
#include "wrappers/kinds.hpp"

namespace etude {
namespace {

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

}  // namespace

// ---- binding -------------------------------------------------------------------------------------------------------------------------

Trainer::Trainer(const TrialSpec& trial, const TrialContext& context)
    : trial_(trial), context_(context), data_(context.data), classification_(data_.classes > 0),
      plan_(trial, context.schedule, data_.train.count()), length_(plan_.length()),
      model_(trial.model, trial.loss, input_shape(data_), batch_sizes(plan_, data_), trial.seed),
      batches_(data_.train, trial.train.batch * accumulated_batches(trial.optimizer), trial.train.drop_last, trial.seed),
      optimizer_(context.optimizer, trial.optimizer, model_.weights().size(),
                 {.length = length_, .seed = trial.seed, .samples = data_.train.count(), .tensors = tensor_table(model_.tensors()),
                  .groups = tensor_groups(trial.groups, trial.optimizer.values, model_.tensors())}),
      schedule_(context.schedule, trial.schedule, trial.optimizer.lr, length_, trial.seed),
      parameters_(context.optimizer, trial.optimizer.values, context.schedule, trial.schedules, length_, trial.seed),
      watchers_(classification_),
      samples_(model_, data_.train, classification_, {.batch = plan_.largest_batch(), .count = accumulated_batches(trial.optimizer)},
               optimizer_.looks_around()),
      test_(data_.test, model_.outputs(), classification_), validation_(data_.validation, model_.outputs(), classification_),
      point_(optimizer_.has_evaluation_point() ? model_.weights().size() : 0) {
    if (trial.instruments.any()) instruments_.emplace(trial.instruments, model_, data_.train, classification_, plan_.batch(0), trial.seed);
    if (trial.early_stop) early_stop_.emplace(*trial.early_stop);
    name_curves();
    reserve_record();
    find_watchers();
}

void Trainer::name_curves() {
    const auto add = [this](std::vector<std::string> names) {
        for (std::string& name : names) record_.curves.push_back({.metric = std::move(name), .values = {}});
    };
    add(metric_names(classification_, data_.test.count() > 0, data_.validation.count() > 0));
    add(instrument_names(trial_.instruments));
}

void Trainer::reserve_record() {
    for (Curve& curve : record_.curves) curve.values.reserve(trial_.train.epochs);
    record_.epoch_lr.reserve(trial_.train.epochs);
    if (trial_.record_lr_per_update) record_.update_lr.reserve(length_.updates);
}

void Trainer::find_watchers() {
    if (trial_.schedule.monitor) watchers_.add(*trial_.schedule.monitor, schedule_);
    for (std::size_t i = 0; i < trial_.schedules.size(); ++i)
        if (const auto& monitor = trial_.schedules[i].schedule.monitor) watchers_.add(*monitor, parameters_.schedule(i));
}

// ---- what is carried from one part of the trial to the next --------------------------------------------------------------------------

void Trainer::restore(const TrialState& state) {
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

TrialState Trainer::state() {
    Archive archive;
    exchange(archive);
    return {.record = record_, .bytes = archive.take()};
}

void Trainer::exchange(Archive& archive) {
    archive.items(model_.weights());
    archive.items(model_.buffers());
    optimizer_.exchange(archive);
    schedule_.exchange(archive);
    parameters_.exchange(archive, optimizer_.inner());
}

// ---- the loop ------------------------------------------------------------------------------------------------------------------------

std::optional<TrialOutcome> Trainer::run(std::uint64_t until) {
    if (trial_.range_test) return run_range_test(*trial_.range_test);
    if (record_.updates == 0) record_.counts_as = start_values(data_, evaluate());  // the first batch gives training's
    for (std::uint64_t epoch = record_.epochs; epoch < trial_.train.epochs; ++epoch) {
        if (epoch >= until) return state();
        if (stopped()) return std::nullopt;
        const EpochEnd end = run_epoch(epoch);
        if (end == EpochEnd::stopped) return std::nullopt;
        if (end == EpochEnd::diverged || !finish_epoch(epoch)) return diverged();
        if (stops_early()) break;
    }
    return finish();
}

/// Passes over the data until the ramp or the loss ends it; nothing is evaluated.
std::optional<TrialOutcome> Trainer::run_range_test(const RangeTestSpec& test) {
    RangeWatch watch(test);
    std::vector<float> losses;
    for (std::uint64_t i = 0; i < test.updates; ++i) {
        const std::uint64_t epoch = i / batches_.per_epoch(), place = i % batches_.per_epoch();
        if (place == 0) batches_.begin_epoch(epoch);
        if (i % updates_between_stop_checks == 0 && stopped()) return std::nullopt;
        const bool finite = run_update(epoch, batches_.rows(place));
        losses.push_back(static_cast<float>(last_loss_));
        if (watch.add(losses.back()) || !finite) break;
    }
    record_range_test(record_, test, std::move(losses));
    return std::move(record_);
}

Trainer::EpochEnd Trainer::run_epoch(std::uint64_t epoch) {
    batches_.begin_epoch(epoch, plan_.batch(epoch) * accumulated_batches(trial_.optimizer));
    samples_.set_batch(plan_.batch(epoch));
    running_ = {};
    running_samples_ = 0;
    if (instruments_) instruments_->begin_epoch();
    for (std::size_t i = 0; i < batches_.per_epoch(); ++i) {
        if (!run_update(epoch, batches_.rows(i))) return EpochEnd::diverged;
        if (record_.updates == 1) set_training_part(record_.counts_as, data_, training_so_far());  // that batch, at the initial weights
        if (record_.updates % updates_between_stop_checks == 0 && stopped()) return EpochEnd::stopped;
        if (watchers_.want(record_.updates)) watchers_.report(measure(), {Watchers::Moment::Kind::within_epoch, record_.updates, epoch});
    }
    return EpochEnd::finished;
}

/// False when the trial diverged; the weights are then those before the update.
bool Trainer::run_update(std::uint64_t epoch, std::span<const std::uint32_t> rows) {
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

double Trainer::rate(std::uint64_t update) {
    return trial_.range_test ? range_rate(*trial_.range_test, update) : trial_.optimizer.lr * schedule_.factor(update);
}

/// Evaluates, records and tells the schedule. False when the weights have become useless in the epoch's last update.
bool Trainer::finish_epoch(std::uint64_t epoch) {
    const Measurement measured = measure();
    const auto is_useless = [](const Part& part, const Evaluation& result) { return part.count() > 0 && !std::isfinite(result.loss); };
    if (is_useless(data_.test, measured.test) || is_useless(data_.validation, measured.validation)) {
        record_.diverged_at = record_.updates - 1;
        return false;
    }
    put_into_curves(measured);
    record_.epoch_lr.push_back(record_.last_lr);
    record_.epochs = epoch + 1;
    watchers_.report(measured, {Watchers::Moment::Kind::end_of_epoch, record_.updates, record_.epochs});
    return true;
}

void Trainer::put_into_curves(const Measurement& measured) {
    auto curve = record_.curves.begin();
    const auto put = [&](double value) {
        curve->values.push_back(static_cast<float>(value));
        curve++->final = value;
    };
    const auto add = [&](const Evaluation& part) { put(part.loss), put(part.score); };
    add(measured.train);
    if (data_.test.count() > 0) add(measured.test);
    if (data_.validation.count() > 0) add(measured.validation);
    if (instruments_) std::ranges::for_each(instruments_->finish_epoch(), put);
}

bool Trainer::stopped() const { return context_.stop != nullptr && context_.stop->load(std::memory_order_relaxed); }

bool Trainer::stops_early() { return early_stop_ && early_stop_->add(record_.find(trial_.early_stop->metric)->values.back()); }

// ---- the end -------------------------------------------------------------------------------------------------------------------------

TrialOutcome Trainer::finish() {
    if (optimizer_.has_evaluation_point()) go_to_evaluation_point();
    if (instruments_) record_.landscape = instruments_->landscape();
    if (has_decision_map(data_)) record_.decision = decision_map(model_, data_, trial_.data);
    return std::move(record_);
}

/// It counts with what a fresh network of the same seed does, also on all of the training part.
TrialOutcome Trainer::diverged() {
    Model fresh(trial_.model, trial_.loss, input_shape(data_), batch_sizes(plan_, data_), trial_.seed);
    record_.status = Status::diverged;
    record_.counts_as = start_values(data_, fresh);
    return std::move(record_);
}

// ---- how the network does ------------------------------------------------------------------------------------------------------------

Evaluation Trainer::training_so_far() const { return evaluation_of(running_, running_samples_, model_.outputs(), classification_); }

/// Test and validation part at the network's weights.
Measurement Trainer::evaluate() {
    Measurement measured;
    if (data_.test.count() > 0) measured.test = test_.run(model_);
    if (data_.validation.count() > 0) measured.validation = validation_.run(model_);
    return measured;
}

/// Those at the weights to evaluate at: for methods that average these are not the iterate. Training as the epoch went so far.
Measurement Trainer::measure() {
    const bool averaged = optimizer_.has_evaluation_point();
    if (averaged) go_to_evaluation_point();
    Measurement measured = evaluate();
    if (averaged) std::ranges::swap_ranges(model_.weights(), point_);
    measured.train = training_so_far();
    return measured;
}

/// The network then has those weights, and point_ the iterate.
void Trainer::go_to_evaluation_point() {
    optimizer_.evaluation_point(record_.updates - 1, model_.weights(), point_);
    std::ranges::swap_ranges(model_.weights(), point_);
}

}  // namespace etude
