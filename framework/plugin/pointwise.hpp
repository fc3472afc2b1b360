// framework/plugin/pointwise.hpp - schedules over the same time, their factors multiplied or the least or greatest of them taken.
#pragma once
#include <memory>
#include <vector>

#include "plugin/node.hpp"
#include "plugin/spec.hpp"

namespace etude {

/// The states of several nodes in a row. Made once; a look copies them together without allocating.
class JoinedState {
  public:
    explicit JoinedState(const std::vector<const ScheduleNode*>& nodes);
    std::span<const double> gathered() const;

  private:
    std::vector<const ScheduleNode*> nodes_;
    mutable std::vector<double> values_;
};

class Pointwise final : public ScheduleNode {
  public:
    /// `how`: product, min_of or max_of.
    Pointwise(Combination how, std::vector<std::unique_ptr<ScheduleNode>> children);

    double factor(Moment moment) override;
    bool observes() const override;
    void observe(etude_report& report, std::uint64_t done) override;
    std::span<const double> state() const override { return state_.gathered(); }
    void exchange(Archive& archive) override;

  private:
    const Combination how_;
    const std::vector<std::unique_ptr<ScheduleNode>> children_;
    const JoinedState state_;
};

}  // namespace etude
