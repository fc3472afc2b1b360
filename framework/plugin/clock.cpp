#include "plugin/clock.hpp"

#include <algorithm>
#include <cmath>

namespace etude {

TimeScale time_scale(const RunLength& length, ScheduleUnit unit, const OwnTime& own) {
    TimeScale scale{unit, static_cast<double>(length.per_epoch), static_cast<double>(own.updates)};
    if (length.epochs.is_empty()) return scale;
    scale.epochs = &length.epochs;
    scale.begin = static_cast<double>(own.begin);
    scale.epoch_count = scale.epochs_of(scale.updates);
    return scale;
}

TimeScale time_scale(const RunLength& length, ScheduleUnit unit) { return time_scale(length, unit, {0, length.updates}); }

ScheduleTime::ScheduleTime(const RunOfSchedule& run, const TimeScale& scale, Ends ends) : scale_(scale), per_epoch_(run.length.per_epoch) {
    clock_.size = sizeof clock_;
    clock_.tick = scale_.tick();
    clock_.span = scale_.ticks_of(scale_.updates);
    clock_.base_lr = run.base;
    clock_.total = run.length.updates;
    clock_.per_epoch = run.length.per_epoch;
    clock_.seed = run.seed;
    clock_.ends = static_cast<std::uint32_t>(ends);
}

double ScheduleTime::x_among_epochs(std::uint64_t local) const {
    const double ticks = scale_.ticks_of(static_cast<double>(local));
    return scale_.unit == ScheduleUnit::epoch ? std::floor(ticks + 1e-9) : ticks;
}

double ScheduleTime::tick(std::uint64_t local) const {
    return scale_.epochs == nullptr || scale_.unit == ScheduleUnit::epoch ? clock_.tick : x(local + 1) - x(local);
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
