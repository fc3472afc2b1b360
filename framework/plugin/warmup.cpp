#include "plugin/warmup.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plugin/shaping.hpp"

namespace etude {

namespace {

/// From `begin` on, with fractions of the whole run.
TimeScale scale_of(const RunLength& length, ScheduleUnit unit, std::uint64_t begin) {
    TimeScale scale = time_scale(length, unit, {begin, length.updates});
    if (scale.epochs != nullptr) scale.epoch_count = static_cast<double>(length.epochs.epochs());
    return scale;
}

}  // namespace

std::uint64_t warmup_updates(const WarmupSpec& spec, ScheduleUnit unit, const RunLength& length, std::uint64_t begin) {
    return whole_updates(scale_of(length, unit, begin), spec.length);
}

Warmup::Warmup(const WarmupSpec& spec, ScheduleUnit unit, const RunOfSchedule& run, std::uint64_t begin, std::unique_ptr<ScheduleNode> inner)
    : inner_(std::move(inner)), shape_(spec.shape), mode_(spec.mode), ends_(spec.ends), time_(run, scale_of(run.length, unit, begin), spec.ends),
      length_(time_.scale().in_ticks(spec.length)), updates_(whole_updates(time_.scale(), spec.length)), from_(spec.from / run.base) {
    if (mode_ == WarmupMode::prefix && updates_ > 0) target_ = inner_->factor({0, updates_});
    if (shape_ == WarmupShape::exponential && !(from_ > 0 && target_ > 0))
        throw Error(fmt::format("warm-up: an exponential ramp cannot go from {} to {}", number(spec.from), number(target_ * run.base)),
                    "both must be above 0: write warmup: {from: ...}");
}

double Warmup::ramp(std::uint64_t local, double target) const {
    const double r = position(time_.x(local), length_, time_.tick(local), ends_);
    switch (shape_) {
        case WarmupShape::constant: return from_;
        case WarmupShape::linear: return from_ + (target - from_) * r;
        case WarmupShape::cosine: return from_ + (target - from_) * (1 - std::cos(std::numbers::pi * r)) / 2;
        case WarmupShape::exponential: return from_ * std::pow(target / from_, r);
    }
    return target;
}

double Warmup::factor(Moment moment) {
    const bool warms = moment.local < updates_;
    switch (mode_) {
        case WarmupMode::prefix: return warms ? ramp(moment.local, target_) : inner_->factor({moment.local - updates_, moment.update});
        case WarmupMode::overlay: return warms ? ramp(moment.local, 1) : inner_->factor(moment);
        case WarmupMode::product: return warms ? ramp(moment.local, 1) * inner_->factor(moment) : inner_->factor(moment);
    }
    return 1;
}

void Warmup::observe(etude_report& report, std::uint64_t done) {
    if (mode_ != WarmupMode::prefix) return inner_->observe(report, done);
    // What was measured on the ramp says nothing about the schedule, which has not begun.
    if (done > updates_) inner_->observe(report, done - updates_);
}

}  // namespace etude
