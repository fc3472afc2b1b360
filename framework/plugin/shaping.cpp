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

Limited::Limited(const RateLimits& limits, double base, std::unique_ptr<Node> inner)
    : Wrapper(std::move(inner)), min_(limits.min / base), max_(limits.max ? *limits.max / base : std::numeric_limits<double>::infinity()) {}

double Limited::factor(Moment moment) {
    const double value = inner_->factor(moment);
    return value < min_ ? min_ : value > max_ ? max_ : value;  // a NaN stays one
}

double Delayed::factor(Moment moment) { return inner_->factor({moment.local < updates_ ? 0 : moment.local - updates_, moment.update}); }

void Delayed::observe(etude_report& report, std::uint64_t done) {
    if (done > updates_) inner_->observe(report, done - updates_);
}

Quantized::Quantized(std::uint64_t step, std::unique_ptr<Node> inner) : Wrapper(std::move(inner)), step_(std::max<std::uint64_t>(1, step)) {}

double Quantized::factor(Moment moment) {
    const std::uint64_t at = moment.local - moment.local % step_;
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
