// framework/plugin/leaf.hpp - a schedule plugin with its unit, ends and after.
#pragma once
#include <string>
#include <vector>

#include "plugin/clock.hpp"
#include "plugin/configuration.hpp"
#include "plugin/node.hpp"
#include "plugin/registry.hpp"

namespace etude {

class Leaf final : public ScheduleNode {
  public:
    /// `own.updates` is S, the time this schedule has. `run` outlives it. Throws Error where its lengths do not fit that time.
    Leaf(const Plugin& plugin, const ScheduleSpec& spec, const RunOfSchedule& run, const OwnTime& own);

    double factor(Moment moment) override;
    bool observes() const override { return functions_.observe != nullptr; }
    void observe(etude_report& report, std::uint64_t done) override;
    std::span<const double> state() const override { return state_; }
    void exchange(Archive& archive) override {
        archive.items(std::span(state_));
        archive.item(reported_);
    }

  private:
    double span_in_ticks(const Plugin& plugin, const ScheduleSpec& spec) const;
    void require_span_fits(std::uint64_t updates) const;
    bool has_ended(double x) const { return x + 1e-6 * clock_.tick >= span_; }  // as Clock::reached of the SDK
    [[noreturn]] void fail(const char* what, std::uint64_t update) const;

    const std::string title_;
    const RunLength& length_;
    const ScheduleTime time_;
    const PluginConfiguration configuration_;
    const etude_schedule functions_;
    const After after_;
    const double span_;          ///< L, where the shape ends; infinite when nothing is declared to be that
    std::vector<double> state_;
    etude_clock clock_;
    etude_error error_{};
    std::uint64_t reported_ = 0;  ///< own updates that earlier reports covered
};

}  // namespace etude
