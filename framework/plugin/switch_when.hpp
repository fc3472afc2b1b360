// framework/plugin/switch_when.hpp - one schedule until a metric condition holds, then the next, in its own time.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "plugin/clock.hpp"
#include "plugin/node.hpp"
#include "plugin/spec.hpp"

namespace etude {

class SwitchWhen final : public ScheduleNode {
  public:
    /// Makes child `i` for a part of this schedule's time; called in the constructor for all of it, which finds what does not fit early, and
    /// once more at each switch, when the part is known: after a report, never in an update.
    using Make = std::function<std::unique_ptr<ScheduleNode>(std::size_t i, const OwnTime& part)>;
    /// `conditions`: one for each child but the last. `continuous`: each child is scaled so that it begins at the last value before it.
    SwitchWhen(std::vector<Condition> conditions, const TimeScale& scale, std::uint64_t updates, bool continuous, Make make);

    double factor(Moment moment) override;
    bool observes() const override { return true; }
    /// The child gets the report first. At most one switch a report.
    void observe(etude_report& report, std::uint64_t done) override;
    /// Which child is at work, where it began, its best value and when that was; then the child's own state.
    std::span<const double> state() const override;
    /// A child that a switch began is made again with the time that it had.
    void exchange(Archive& archive) override;

  private:
    bool holds(const etude_report& report, std::uint64_t done);
    void enter(std::size_t child, std::uint64_t begin);

    const std::vector<Condition> conditions_;
    const TimeScale scale_;
    const std::uint64_t updates_;
    const bool continuous_;
    const Make make_;
    std::vector<std::unique_ptr<ScheduleNode>> children_;
    std::size_t child_ = 0;
    std::uint64_t begin_ = 0;    ///< own update at which the child began
    double best_;                ///< NaN before the first value of the child
    std::uint64_t best_at_ = 0;
    double gain_ = 1;
    double last_;                ///< the last value asked for; NaN before the first
    mutable std::vector<double> state_;
};

}  // namespace etude
