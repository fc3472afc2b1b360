// framework/sweep/trial_runner.hpp - trials of a plan trained on whatever worker asks, each from its checkpoint if it has one of its own.
//
// A trial that is cut off at an epoch waits on disk (store/checkpoints.hpp), not in memory: what waits is bounded by the disk, and a killed sweep
// goes on with it. Whoever has put a trial's result into the store removes its checkpoint.
// Thread safety: several threads at once, each with trials of its own.
#pragma once
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plugin/registry.hpp"
#include "store/checkpoints.hpp"
#include "study/study.hpp"
#include "sweep/datasets.hpp"
#include "train/run_trial.hpp"

namespace etude {

/// What a trial has done until now.
struct TrialSoFar {
    Record record;
    bool is_suspended = false;  ///< its checkpoint has the rest; else the trial has ended, and the record is whole
};

class TrialRunner {
  public:
    /// All of them outlive it. `stop`: as in TrialContext.
    TrialRunner(const Study& study, Registry& registry, DatasetCache& datasets, const Checkpoints& checkpoints, const std::atomic<bool>* stop)
        : study_(study), registry_(registry), datasets_(datasets), checkpoints_(checkpoints), stop_(stop) {}

    /// How far trial `place` of the plan has come, if a checkpoint says so.
    std::optional<Record> left(std::size_t place);
    /// Trains it until so many epochs are done in all (nothing: to its end), from its checkpoint unless that is beyond them. Nothing when it was
    /// stopped. Throws Error when the checkpoint cannot be written; the one before it is then still there.
    std::optional<TrialSoFar> run(std::size_t place, std::optional<std::uint64_t> until);

    std::size_t continued() const { return continued_; }                       ///< trials with a checkpoint of an earlier run
    const std::vector<std::string>& warnings() const { return warnings_; }     ///< of checkpoints that could not be used, each once

  private:
    std::optional<TrialState> look_up(const std::string& id);
    std::optional<TrialOutcome> train(std::size_t place, const TrialState* from, std::optional<std::uint64_t> until);
    void warn(const std::string& warning);
    const std::string& id_of(std::size_t place) const { return study_.plan().trials[place].id; }

    const Study& study_;
    Registry& registry_;
    DatasetCache& datasets_;
    const Checkpoints& checkpoints_;
    const std::atomic<bool>* stop_;
    std::mutex registry_mutex_;  // guards registry_: a look-up may open a file
    std::mutex mutex_;           // guards what follows
    std::set<std::string> met_;  // trials whose checkpoints were found, or are of this run
    std::size_t continued_ = 0;
    std::vector<std::string> warnings_;
};

}  // namespace etude
