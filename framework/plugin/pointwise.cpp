#include "plugin/pointwise.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace etude {
namespace {

std::vector<const ScheduleNode*> pointers(const std::vector<std::unique_ptr<ScheduleNode>>& nodes) {
    std::vector<const ScheduleNode*> result;
    for (const auto& node : nodes) result.push_back(node.get());
    return result;
}

/// A NaN stays one, whichever side it is on: it is found at the root, with the update.
double lesser(double a, double b) { return b < a || std::isnan(b) ? b : a; }
double greater(double a, double b) { return b > a || std::isnan(b) ? b : a; }

}  // namespace

JoinedState::JoinedState(const std::vector<const ScheduleNode*>& nodes) : nodes_(nodes) {
    std::size_t count = 0;
    for (const ScheduleNode* node : nodes_) count += node->state().size();
    values_.resize(count);
}

std::span<const double> JoinedState::gathered() const {
    auto to = values_.begin();
    for (const ScheduleNode* node : nodes_) to = std::ranges::copy(node->state(), to).out;
    return values_;
}

Pointwise::Pointwise(Combination how, std::vector<std::unique_ptr<ScheduleNode>> children)
    : how_(how), children_(std::move(children)), state_(pointers(children_)) {
    ETUDE_ASSERT(!children_.empty(), "a combination without children");
}

double Pointwise::factor(Moment moment) {
    double value = children_.front()->factor(moment);
    for (std::size_t i = 1; i < children_.size(); ++i) {
        const double next = children_[i]->factor(moment);
        value = how_ == Combination::product ? value * next : how_ == Combination::min_of ? lesser(value, next) : greater(value, next);
    }
    return value;
}

bool Pointwise::observes() const { return std::ranges::any_of(children_, [](const auto& child) { return child->observes(); }); }

void Pointwise::observe(etude_report& report, std::uint64_t done) {
    for (const auto& child : children_) child->observe(report, done);
}

void Pointwise::exchange(Archive& archive) {
    for (const auto& child : children_) child->exchange(archive);
}

}  // namespace etude
