// framework/study/parameter_schedules.hpp - `schedules: {optimizer.momentum: {...}, train.batch: {...}}`: schedules of what is not the rate.
//
// A key is the path of what it moves, dots and all; paths into it (sweeps, overrides) go on behind it: `schedules.optimizer.momentum.end`.
#pragma once
#include <optional>
#include <vector>

#include "study/rates.hpp"

namespace etude {

struct OtherSchedules {
    std::vector<ParameterSchedule> parameters;  ///< of the optimizer
    std::optional<ScheduleSpec> batch;          ///< of train.batch, in epochs
};
/// The base of each is the value of what it moves, which must be above 0. Everything else of `context` holds for all of them.
std::optional<OtherSchedules> read_schedules(const Node& node, const OptimizerSpec& optimizer, const TrainSpec& train, const ScheduleContext& context,
                                             Registry& registry, Diagnostics& diagnostics);

/// What is written while a sweep may give the rest: the optimizer is not known yet.
void check_written_schedules(const Node& node, const ScheduleContext& context, Registry& registry, Diagnostics& diagnostics);

}  // namespace etude
