// framework/plugin/warmup.hpp - a ramp before, over or times another schedule (rule 6 of time).
#pragma once
#include <memory>

#include "plugin/clock.hpp"
#include "plugin/node.hpp"
#include "plugin/spec.hpp"

namespace etude {

/// Whole updates that a warm-up takes which begins with update `begin` of the run: its length, rounded up. A bare number counts in `unit`;
/// fractions are of the run.
std::uint64_t warmup_updates(const WarmupSpec& spec, ScheduleUnit unit, const RunLength& length, std::uint64_t begin);

class Warmup final : public ScheduleNode {
  public:
    /// `inner` has all of the run (overlay, product) or what the ramp leaves (prefix). Throws Error where the shape cannot be drawn.
    Warmup(const WarmupSpec& spec, ScheduleUnit unit, const RunOfSchedule& run, std::uint64_t begin, std::unique_ptr<ScheduleNode> inner);

    double factor(Moment moment) override;
    bool observes() const override { return inner_->observes(); }
    void observe(etude_report& report, std::uint64_t done) override;
    std::span<const double> state() const override { return inner_->state(); }
    void exchange(Archive& archive) override { inner_->exchange(archive); }

  private:
    /// The ramp at own update `local` < W, from `from_` towards `target`.
    double ramp(std::uint64_t local, double target) const;

    const std::unique_ptr<ScheduleNode> inner_;
    const WarmupShape shape_;
    const WarmupMode mode_;
    const Ends ends_;
    const ScheduleTime time_;       ///< of the run: positions on the ramp
    const double length_;           ///< in ticks
    const std::uint64_t updates_;   ///< W
    const double from_;             ///< as a factor
    double target_ = 1;             ///< where the ramp leads: the inner schedule's beginning (prefix), else 1
};

}  // namespace etude
