#include "plugin/switch_when.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "plugin/bound.hpp"
#include "plugin/shaping.hpp"

namespace etude {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t own_state = 4;

}  // namespace

SwitchWhen::SwitchWhen(std::vector<Condition> conditions, const TimeScale& scale, std::uint64_t updates, bool continuous, Make make)
    : conditions_(std::move(conditions)), scale_(scale), updates_(updates), continuous_(continuous), make_(std::move(make)),
      best_(nothing), last_(nothing) {
    std::size_t largest = 0;
    for (std::size_t i = 0; i <= conditions_.size(); ++i) {
        children_.push_back(make_(i, {0, updates_}));
        largest = std::max(largest, children_.back()->state().size());
    }
    state_.resize(own_state + largest);
}

double SwitchWhen::factor(Moment moment) {
    // A schedule around this one may hold an older moment (quantize): it is the beginning for what has begun since.
    const std::uint64_t local = moment.local < begin_ ? 0 : moment.local - begin_;
    const double value = children_[child_]->factor({local, moment.update});
    if (std::isnan(gain_)) {
        if (value == 0) throw PluginFailure(fmt::format("a continuous switch_when: what begins at its update {} begins at rate 0", begin_));
        gain_ = last_ / value;
    }
    return last_ = gain_ * value;
}

void SwitchWhen::observe(etude_report& report, std::uint64_t done) {
    if (done <= begin_) return;
    children_[child_]->observe(report, done - begin_);
    if (child_ < conditions_.size() && done < updates_ && holds(report, done)) enter(child_ + 1, done);
}

bool SwitchWhen::holds(const etude_report& report, std::uint64_t done) {
    const Condition& condition = conditions_[child_];
    const double value = report.value;
    if (condition.kind == Condition::Kind::below) return value < condition.value;
    if (condition.kind == Condition::Kind::above) return value > condition.value;
    if (report.sign * value < report.sign * best_ - condition.margin || (std::isnan(best_) && !std::isnan(value))) {
        best_ = value;
        best_at_ = done;
    }
    return done >= std::max(best_at_ + 1, rounded_up(scale_.after(static_cast<double>(best_at_), condition.patience)));
}

void SwitchWhen::enter(std::size_t child, std::uint64_t begin) {
    children_[child] = make_(child, {begin, updates_ - begin});
    child_ = child;
    begin_ = best_at_ = begin;
    best_ = nothing;
    if (continuous_ && !std::isnan(last_)) gain_ = nothing;  // known with the child's first value
}

std::span<const double> SwitchWhen::state() const {
    state_.assign(state_.size(), 0);
    state_[0] = static_cast<double>(child_);
    state_[1] = static_cast<double>(begin_);
    state_[2] = best_;
    state_[3] = static_cast<double>(best_at_);
    std::ranges::copy(children_[child_]->state(), state_.begin() + own_state);
    return state_;
}

void SwitchWhen::exchange(Archive& archive) {
    std::uint64_t child = child_;
    archive.item(child);
    archive.item(begin_);
    archive.item(best_);
    archive.item(best_at_);
    archive.item(gain_);
    archive.item(last_);
    if (archive.restores() && child > 0) {
        if (child >= children_.size() || begin_ >= updates_) throw StateMismatch("a state of another switch_when");
        child_ = static_cast<std::size_t>(child);
        children_[child_] = make_(child_, {begin_, updates_ - begin_});
    }
    children_[child_]->exchange(archive);
}

}  // namespace etude
