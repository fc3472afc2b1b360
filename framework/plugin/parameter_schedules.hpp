// framework/plugin/parameter_schedules.hpp - schedules of an optimizer's own parameters (momentum, weight decay) at work in one trial.
//
// The value of an update is the configured value times the schedule's factor; the configuration is made again in its place when that changes.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugin/bound.hpp"

namespace etude {

class ParameterSchedules {
  public:
    /// `specs` name real parameters of `optimizer` with values above 0. Throws as BoundSchedule.
    ParameterSchedules(const Plugin& optimizer, const Values& values, const SchedulePlugins& plugins, const std::vector<ParameterSchedule>& specs,
                       RunLength length, std::uint64_t seed);

    /// Before the step of `update`. Allocates nothing. Throws PluginFailure naming the update where a schedule or the optimizer fails.
    void apply(std::uint64_t update, BoundOptimizer& optimizer) {
        apply(update, [&](std::size_t parameter, double factor) { optimizer.scale_parameter(parameter, factor); });
    }
    template <class Set> void apply(std::uint64_t update, Set&& set) {
        for (Scheduled& one : scheduled_) {
            const double factor = factor_of(one, update);
            if (factor == one.factor) continue;
            one.factor = factor;
            try {
                set(one.parameter, factor);
            } catch (const Error& refused) {
                fail(one, update, refused);
            }
        }
    }
    /// Saves or restores the schedules; `optimizer` then has the values again that it had.
    void exchange(Archive& archive, BoundOptimizer& optimizer);
    std::size_t count() const { return scheduled_.size(); }
    /// In the order of `specs`.
    BoundSchedule& schedule(std::size_t i) { return *scheduled_[i].schedule; }

  private:
    struct Scheduled {
        std::string name;
        std::size_t parameter = 0;  ///< place in the optimizer's declaration
        std::unique_ptr<BoundSchedule> schedule;
        double factor = 1;          ///< what the configuration was made with last
    };
    static double factor_of(Scheduled& one, std::uint64_t update);
    [[noreturn]] static void fail(const Scheduled& one, std::uint64_t update, const Error& why);

    std::vector<Scheduled> scheduled_;
};

/// Evaluates every update before any is made: the first one at which a value is no number, outside its range, or refused by the optimizer.
/// `groups`: with their values in place of the optimizer's. Schedules that watch are evaluated as if no report ever came.
/// Throws Error where the constructor does.
std::optional<std::string> check_parameter_schedules(const Plugin& optimizer, const Values& values, const std::vector<Values>& groups,
                                                     const SchedulePlugins& plugins, const std::vector<ParameterSchedule>& specs, RunLength length,
                                                     std::uint64_t seed);

}  // namespace etude
