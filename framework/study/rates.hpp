// framework/study/rates.hpp - the parts of a trial that plugins know: optimizer and schedule.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "plugin/registry.hpp"
#include "plugin/spec.hpp"
#include "study/parts.hpp"

namespace etude {

std::optional<OptimizerSpec> read_optimizer(const Node& node, Registry& registry, Reading reading, Diagnostics& diagnostics);

/// What a schedule's numbers depend on besides its own mapping.
struct ScheduleContext {
    double base_lr = 1;
    std::vector<std::string> metrics;  ///< that may be monitored, in column order
    std::string watched = {};          ///< the default metric; empty: the rule of read_schedule
    std::optional<ScheduleUnit> unit = {};     ///< of the schedule around it
    std::optional<MonitorSpec> monitor = {};   ///< likewise
    enum class Within { nothing, combination, sequence, end_of_sequence, switch_when, end_of_switch_when } within = Within::nothing;
};

/// Keys of the host (`unit`, `warmup`, `monitor` ...) and the plugin's parameters. The default metric of a schedule that watches is
/// validation_loss where it is among the metrics, else test_loss, else train_loss. A combination is read with all its children.
std::optional<ScheduleSpec> read_schedule(const Node& node, const ScheduleContext& context, Registry& registry, Reading reading,
                                          Diagnostics& diagnostics);

}  // namespace etude
