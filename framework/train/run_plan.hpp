// framework/train/run_plan.hpp - how long a run is, and the batch of each of its epochs.
//
// The batch is a schedule like any other, in the time of a run whose updates are epochs: its value for an epoch, rounded to a whole number, is the
// batch of that epoch. The number of updates of an epoch then varies, and with it where epochs begin: all of it is known before the run.
#pragma once
#include <cstdint>
#include <vector>

#include "plugin/bound.hpp"
#include "train/trial.hpp"

namespace etude {

/// A network is built for each size of a batch before the run.
inline constexpr std::size_t most_batch_sizes = 64;

class RunPlan {
  public:
    /// Over `samples` training samples. Throws Error where an epoch has no batch, or batches are of more than most_batch_sizes sizes.
    RunPlan(const TrialSpec& trial, const SchedulePlugins& plugins, std::size_t samples);

    const RunLength& length() const { return length_; }
    /// Samples that go through the network together in `epoch`: an update has `accumulate` times as many.
    std::uint64_t batch(std::uint64_t epoch) const { return batches_.size() == 1 ? batches_.front() : batches_[epoch]; }
    std::uint64_t largest_batch() const;
    /// Each size of a piece that goes through the network in training: full batches, and the last ones of epochs.
    std::vector<std::size_t> sizes() const;

  private:
    void count(const TrialSpec& trial);

    std::size_t samples_;
    bool drop_last_;
    std::vector<std::uint64_t> batches_;  // of each epoch; one where all are alike
    RunLength length_;
};

}  // namespace etude
