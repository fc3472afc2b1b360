// framework/train/run_trial.hpp - a trial, or a part of one: from what it uses to its record.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "data/dataset.hpp"
#include "plugin/bound.hpp"
#include "plugin/registry.hpp"
#include "train/record.hpp"
#include "train/trial.hpp"
#include "train/trial_state.hpp"

namespace etude {

/// What a trial uses but does not own; all of it outlives the call.
struct TrialContext {
    const Plugin& optimizer;
    SchedulePlugins schedule;  ///< of all schedules: see schedule_plugins()
    const Dataset& data;
    const std::atomic<bool>* stop = nullptr;  ///< checked after each epoch and every few hundred updates
};

/// The plugins of all schedules of a trial. Throws as Registry::require.
SchedulePlugins schedule_plugins(Registry& registry, const TrialSpec& trial);

/// Which epochs of a trial are wanted.
struct TrialPart {
    const TrialState* from = nullptr;          ///< continue from here; nullptr: from the beginning
    std::optional<std::uint64_t> until = {};   ///< stop when so many epochs are finished in all; nothing, or all of them: at the trial's end
    std::uint64_t save_every = 0;              ///< epochs; 0: never
    std::function<void(const TrialState&)> save = {};  ///< after each of those, but for the last one; what it throws goes to the caller
};

/// Trains a part of a trial: its record where the trial ended in it (also before its last epoch: diverged, failed), else the state after it.
/// However a trial is cut into parts, on whatever threads, its record has the same bits (but for wall_seconds, which adds up). A trial with
/// a range test has no parts. Nothing when `stop` was raised. Throws StateMismatch when `from` is the state of another trial, and Bug.
std::optional<TrialOutcome> run_part(const TrialSpec& trial, const TrialContext& context, const TrialPart& part);

/// Trains. Everything that the trial needs is made here, on the calling thread, and dies here.
/// Returns nothing when `stop` was raised before the end: a trial is whole or it is not. A plugin that fails, or a trial that runs out of
/// memory, gives a record with status failed and a message; divergence is a status too. Throws Bug only.
std::optional<Record> run_trial(const TrialSpec& trial, const TrialContext& context);

}  // namespace etude
