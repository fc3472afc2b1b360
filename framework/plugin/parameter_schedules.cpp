#include "plugin/parameter_schedules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plugin/clock.hpp"
#include "plugin/group_stepping.hpp"

namespace etude {

ParameterSchedules::ParameterSchedules(const Plugin& optimizer, const Values& values, const SchedulePlugins& plugins,
                                       const std::vector<ParameterSchedule>& specs, RunLength length, std::uint64_t seed) {
    const Schema& schema = optimizer.description.schema;
    for (const ParameterSchedule& spec : specs) {
        const auto found = std::ranges::find(schema, spec.parameter, &Parameter::name);
        ETUDE_ASSERT(found != schema.end() && found->type == ValueType::real, title(optimizer) + " has no real parameter '" + spec.parameter + "'");
        scheduled_.push_back({"schedules.optimizer." + spec.parameter, static_cast<std::size_t>(found - schema.begin()),
                              std::make_unique<BoundSchedule>(plugins, spec.schedule, values.real(spec.parameter), length, seed)});
    }
}

double ParameterSchedules::factor_of(Scheduled& one, std::uint64_t update) {
    try {
        return one.schedule->factor(update);
    } catch (const PluginFailure& failure) {
        throw PluginFailure(one.name + ": " + failure.what());
    }
}

void ParameterSchedules::fail(const Scheduled& one, std::uint64_t update, const Error& why) {
    throw PluginFailure(fmt::format("{}: at update {} {}", one.name, update, why.what()));
}

void ParameterSchedules::exchange(Archive& archive, BoundOptimizer& optimizer) {
    for (Scheduled& one : scheduled_) {
        archive.item(one.factor);
        one.schedule->exchange(archive);
        if (archive.restores()) optimizer.scale_parameter(one.parameter, one.factor);
    }
}

std::optional<std::string> check_parameter_schedules(const Plugin& optimizer, const Values& values, const std::vector<Values>& groups,
                                                     const SchedulePlugins& plugins, const std::vector<ParameterSchedule>& specs, RunLength length,
                                                     std::uint64_t seed) {
    ParameterSchedules schedules(optimizer, values, plugins, specs, length, seed);
    const TimeScale whole_run = time_scale(length, ScheduleUnit::update);
    std::vector<BoundGroup> configurations;
    configurations.emplace_back(optimizer, values, 1.0, whole_run);
    for (const Values& group : groups) configurations.emplace_back(optimizer, group, 1.0, whole_run);
    const auto set = [&](std::size_t parameter, double factor) {
        for (BoundGroup& configuration : configurations) configuration.scale_parameter(parameter, factor);
    };
    try {
        for (std::uint64_t update = 0; update < length.updates; ++update) schedules.apply(update, set);
    } catch (const PluginFailure& failure) {
        return failure.what();
    }
    return std::nullopt;
}

}  // namespace etude
