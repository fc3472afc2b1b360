// framework/plugin/repeat.hpp - a schedule in cycles: as long or longer each time, as high or lower, forwards or there and back.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "plugin/node.hpp"
#include "plugin/spec.hpp"
#include "plugin/values.hpp"

namespace etude {

class Repeat final : public ScheduleNode {
  public:
    /// Makes a node of so many updates that begins with update `begin` of this one. What watches the run cannot repeat.
    using Make = std::function<std::unique_ptr<ScheduleNode>(std::uint64_t begin, std::uint64_t updates)>;
    /// In the time of `scale`; a cycle has at least one update. Throws Error where cycles that differ in length are too many.
    Repeat(const RepeatSpec& spec, const TimeScale& scale, const Make& make);

    double factor(Moment moment) override;
    bool observes() const override { return false; }
    void observe(etude_report&, std::uint64_t) override {}
    std::span<const double> state() const override { return {}; }
    void exchange(Archive& archive) override;

  private:
    struct Cycle {
        std::uint64_t begin = 0, updates = 0;
        std::unique_ptr<ScheduleNode> node;
    };
    struct Place {
        std::uint64_t cycle = 0, local = 0;
        const Cycle* of = nullptr;
    };
    Place place_of(std::uint64_t local) const;

    const RepeatSpec spec_;
    bool is_one_for_all_;        ///< all cycles are equally long
    std::vector<Cycle> cycles_;
};

}  // namespace etude
