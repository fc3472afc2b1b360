#include "plugin/shaping.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace etude {

std::uint64_t rounded_up(double updates) {
    constexpr double most = 1e15;  // beyond any run, and a whole number that can be added to others
    return static_cast<std::uint64_t>(std::min(most, std::ceil(updates - 1e-9 * std::max(1.0, updates))));
}

std::uint64_t whole_updates(const TimeScale& scale, const Duration& duration) { return rounded_up(scale.in_updates(duration)); }

Limited::Limited(const RateLimits& limits, double base, std::unique_ptr<ScheduleNode> inner)
    : Wrapper(std::move(inner)), min_(limits.min / base), max_(limits.max ? *limits.max / base : std::numeric_limits<double>::infinity()) {}

double Limited::factor(Moment moment) {
    const double value = inner_->factor(moment);
    return value < min_ ? min_ : value > max_ ? max_ : value;  // a NaN stays one
}

double Delayed::factor(Moment moment) { return inner_->factor({moment.local < updates_ ? 0 : moment.local - updates_, moment.update}); }

void Delayed::observe(etude_report& report, std::uint64_t done) {
    if (done > updates_) inner_->observe(report, done - updates_);
}

Quantized::Quantized(const TimeScale& scale, const Duration& step, std::unique_ptr<ScheduleNode> inner)
    : Wrapper(std::move(inner)), scale_(scale), step_(std::max<std::uint64_t>(1, whole_updates(scale, step))),
      epochs_(scale.epochs == nullptr ? std::nullopt : scale.in_epochs(step)) {}

std::uint64_t Quantized::begin_of_step(std::uint64_t local) const {
    if (!epochs_) return local - local % step_;
    const double steps = std::floor(scale_.epochs_of(static_cast<double>(local)) / *epochs_ + 1e-9);
    return std::min(local, rounded_up(scale_.after(0, {steps * *epochs_, TimeUnit::epochs})));
}

double Quantized::factor(Moment moment) {
    const std::uint64_t at = begin_of_step(moment.local);
    if (held_at_ != at) {
        held_ = inner_->factor({at, moment.update});
        held_at_ = at;
    }
    return held_;
}

void Quantized::exchange(Archive& archive) {
    bool holds = held_at_.has_value();
    std::uint64_t at = held_at_.value_or(0);
    archive.item(holds);
    archive.item(at);
    archive.item(held_);
    held_at_ = holds ? std::optional(at) : std::nullopt;
    inner_->exchange(archive);
}

}  // namespace etude
