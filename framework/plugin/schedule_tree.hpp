// framework/plugin/schedule_tree.hpp - from a resolved schedule to the tree of nodes that works in a trial.
#pragma once
#include <memory>

#include "plugin/bound.hpp"
#include "plugin/clock.hpp"
#include "plugin/node.hpp"

namespace etude {

/// `plugins`, `spec` and `run` outlive the tree. `updates` is the time this schedule has, at least 1. Throws Error where its lengths do not fit that
/// time.
std::unique_ptr<ScheduleNode> build_schedule(const SchedulePlugins& plugins, const ScheduleSpec& spec, const RunOfSchedule& run,
                                             std::uint64_t updates);

}  // namespace etude
