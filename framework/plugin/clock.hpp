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

/// The local time of one schedule: `updates` of the run are its own, counted from 0.
class ScheduleTime {
  public:
    ScheduleTime(const RunOfSchedule& run, std::uint64_t updates, ScheduleUnit unit, Ends ends);

    const TimeScale& scale() const { return scale_; }
    /// x of the schedule's own update `local`.
    double x(std::uint64_t local) const {
        switch (scale_.unit) {
            case ScheduleUnit::update: return static_cast<double>(local);
            case ScheduleUnit::epoch: return static_cast<double>(local / per_epoch_);
            case ScheduleUnit::epoch_frac: return static_cast<double>(local) / scale_.per_epoch;
            case ScheduleUnit::fraction: return static_cast<double>(local) / scale_.updates;
        }
        return 0;
    }
    /// A clock with everything filled in but x and update.
    etude_clock clock() const { return clock_; }

  private:
    TimeScale scale_;
    std::uint64_t per_epoch_;
    etude_clock clock_{};
};

/// Position of x in a length of `length` ticks, clamped to [0, 1]: the same rule as Clock::position of the SDK.
double position(double x, double length, double tick, Ends ends);

/// x where a span of `span` ticks repeats.
double repeated(double x, double span);

}  // namespace etude
