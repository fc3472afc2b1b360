// framework/plugin/clock.hpp - the rules of time: how a schedule's updates become ticks, and what holds after its end.
#pragma once
#include <cstdint>

#include "plugin/bound.hpp"
#include "plugin/spec.hpp"
#include "plugin/values.hpp"
#include "sdk/abi.h"

namespace etude {

/// What every schedule of one run shares.
struct RunOfSchedule {
    RunLength length;
    double base = 1;         ///< what the factor multiplies, > 0
    std::uint64_t seed = 0;
};

/// The updates of the run that are a schedule's own, counted from 0 there.
struct OwnTime {
    std::uint64_t begin = 0, updates = 1;
};
/// What is left after the first `first`. Something that takes all of the time leaves nothing; what comes after it is still made, of one
/// update, because a ramp leads to where it would begin.
inline OwnTime rest_of(const OwnTime& own, std::uint64_t first) { return {own.begin + first, first < own.updates ? own.updates - first : 1}; }

/// `length` outlives it.
TimeScale time_scale(const RunLength& length, ScheduleUnit unit, const OwnTime& own);
/// Of all of the run.
TimeScale time_scale(const RunLength& length, ScheduleUnit unit);

/// The local time of one schedule.
class ScheduleTime {
  public:
    ScheduleTime(const RunOfSchedule& run, const TimeScale& scale, Ends ends);

    const TimeScale& scale() const { return scale_; }
    /// x of the schedule's own update `local`.
    double x(std::uint64_t local) const {
        if (scale_.epochs != nullptr) return x_among_epochs(local);
        switch (scale_.unit) {
            case ScheduleUnit::update: return static_cast<double>(local);
            case ScheduleUnit::epoch: return static_cast<double>(local / per_epoch_);
            case ScheduleUnit::epoch_frac: return static_cast<double>(local) / scale_.per_epoch;
            case ScheduleUnit::fraction: return static_cast<double>(local) / scale_.updates;
        }
        return 0;
    }
    /// From `local` to the next. Where epochs differ, so do ticks: a position then has its end at the last update of every length.
    double tick(std::uint64_t local) const;
    /// A clock with everything filled in but x and update, and, where epochs differ, tick and per_epoch.
    etude_clock clock() const { return clock_; }

  private:
    double x_among_epochs(std::uint64_t local) const;

    TimeScale scale_;
    std::uint64_t per_epoch_;
    etude_clock clock_{};
};

/// Position of x in a length of `length` ticks, clamped to [0, 1]: the same rule as Clock::position of the SDK.
double position(double x, double length, double tick, Ends ends);

/// x where a span of `span` ticks repeats.
double repeated(double x, double span);

}  // namespace etude
