#include "plugin/clock.hpp"

#include <algorithm>
#include <cmath>

namespace etude {

ScheduleTime::ScheduleTime(const RunOfSchedule& run, std::uint64_t updates, ScheduleUnit unit, Ends ends)
    : scale_{unit, static_cast<double>(run.length.per_epoch), static_cast<double>(updates)}, per_epoch_(run.length.per_epoch) {
    clock_.size = sizeof clock_;
    clock_.tick = scale_.tick();
    clock_.span = scale_.ticks_of(scale_.updates);
    clock_.base_lr = run.base;
    clock_.total = run.length.updates;
    clock_.per_epoch = run.length.per_epoch;
    clock_.seed = run.seed;
    clock_.ends = static_cast<std::uint32_t>(ends);
}

double position(double x, double length, double tick, Ends ends) {
    const double extent = length - (ends == Ends::closed ? tick : 0.0);
    const double passed = x + (ends == Ends::shifted ? tick : 0.0);
    if (extent <= 0.0) return length > 0.0 && x <= 0.0 ? 0.0 : 1.0;
    return std::min(1.0, passed / extent);
}

double repeated(double x, double span) {
    const double rest = std::fmod(x, span);
    // x is a multiple of a tick that is rounded: a hair before the end is the beginning.
    return span - rest <= 1e-9 * span ? 0.0 : rest;
}

}  // namespace etude
