// framework/train/trainer.hpp - the training loop of one trial: what it binds, and what it does with it from update to update.
//
// Everything it needs is made in the constructor; in an update nothing is allocated, looked up or built. It lives on one thread.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "data/batches.hpp"
#include "model/model.hpp"
#include "plugin/bound.hpp"
#include "plugin/parameter_schedules.hpp"
#include "train/evaluator.hpp"
#include "train/instruments.hpp"
#include "train/measurement.hpp"
#include "train/run_plan.hpp"
#include "train/run_trial.hpp"
#include "train/update_batch.hpp"
#include "train/watchers.hpp"
#include "wrappers/wrapped_optimizer.hpp"

namespace etude {

class Trainer {
  public:
    /// Both outlive it.
    Trainer(const TrialSpec& trial, const TrialContext& context);
    Trainer(const Trainer&) = delete;
    Trainer& operator=(const Trainer&) = delete;

    /// A trainer that has made no update yet goes on from `state`. Throws StateMismatch for the state of another trial.
    void restore(const TrialState& state);
    /// Until `until` epochs are finished in all, or to the trial's end. Nothing when it was stopped.
    std::optional<TrialOutcome> run(std::uint64_t until);

  private:
    enum class EpochEnd { finished, diverged, stopped };

    void name_curves();
    void reserve_record();
    void find_watchers();
    TrialState state();
    void exchange(Archive& archive);

    std::optional<TrialOutcome> run_range_test(const RangeTestSpec& test);
    EpochEnd run_epoch(std::uint64_t epoch);
    bool run_update(std::uint64_t epoch, std::span<const std::uint32_t> rows);
    bool finish_epoch(std::uint64_t epoch);
    TrialOutcome finish();
    TrialOutcome diverged();

    double rate(std::uint64_t update);
    bool stopped() const;
    bool stops_early();
    Evaluation training_so_far() const;
    Measurement evaluate();
    Measurement measure();
    void put_into_curves(const Measurement& measured);
    void go_to_evaluation_point();

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
    Watchers watchers_;
    UpdateBatch samples_;  // of the present update
    std::optional<Instruments> instruments_;
    Evaluator test_, validation_;
    std::vector<float> point_;  // of methods that average
    BatchResult running_;       // of this epoch so far
    std::size_t running_samples_ = 0;
    double last_loss_ = 0;      // of the last batch
    Record record_;
};

}  // namespace etude
