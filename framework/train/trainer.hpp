// framework/train/trainer.hpp - one trial from its first update to its record.
#pragma once
#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "data/dataset.hpp"
#include "plugin/bound.hpp"
#include "plugin/registry.hpp"
#include "train/record.hpp"
#include "train/trial.hpp"

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

/// Trains. Everything that the trial needs is made here, on the calling thread, and dies here.
/// Returns nothing when `stop` was raised before the end: a trial is whole or it is not. A plugin that fails, or a trial that runs out of
/// memory, gives a record with status failed and a message; divergence is a status too. Throws Bug only.
std::optional<Record> run_trial(const TrialSpec& trial, const TrialContext& context);

/// The samples of a two-feature classification set, for figures; nothing for other data.
std::optional<Samples> samples_of(const Dataset& data);
/// The name under which the store keeps them: a hash of the resolved data set.
std::string samples_name(const Component& data);

}  // namespace etude
