// framework/plugin/sequence.hpp - one schedule after the other, each in its own time.
#pragma once
#include <memory>
#include <vector>

#include "plugin/node.hpp"
#include "plugin/pointwise.hpp"

namespace etude {

struct Phase {
    std::uint64_t begin = 0;  ///< update of the sequence; the first begins at 0, each before the next
    std::unique_ptr<ScheduleNode> node;
};

class Sequence final : public ScheduleNode {
  public:
    /// `continuous`: each child is scaled so that it begins at the last value of the one before it.
    Sequence(std::vector<Phase> phases, bool continuous);

    double factor(Moment moment) override;
    bool observes() const override;
    /// A report belongs to the child that made the last update before it.
    void observe(etude_report& report, std::uint64_t done) override;
    std::span<const double> state() const override { return state_.gathered(); }
    void exchange(Archive& archive) override;

  private:
    std::size_t phase_at(std::uint64_t local) const;
    double gain(std::size_t phase, std::uint64_t update);

    const std::vector<Phase> phases_;
    std::vector<double> gains_;  ///< NaN until a phase begins: what it continues is not known before. Empty: not continuous
    const JoinedState state_;
};

}  // namespace etude
