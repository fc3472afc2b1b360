// framework/plugin/repeat.hpp - a schedule in cycles: as long or longer each time, as high or lower, forwards or there and back.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "plugin/node.hpp"
#include "plugin/spec.hpp"

namespace etude {

class Repeat final : public Node {
  public:
    /// `period`, the first cycle's updates, is at least 1. `make` gives a node that has so many updates; what watches the run cannot repeat.
    /// Throws Error where cycles that become longer are too many.
    Repeat(const RepeatSpec& spec, std::uint64_t period, std::uint64_t updates, const std::function<std::unique_ptr<Node>(std::uint64_t)>& make);

    double factor(Moment moment) override;
    bool observes() const override { return false; }
    void observe(etude_report&, std::uint64_t) override {}
    std::span<const double> state() const override { return {}; }
    void exchange(Archive& archive) override;

  private:
    struct Cycle {
        std::uint64_t begin = 0, updates = 0;
        std::unique_ptr<Node> node;
    };
    struct Place {
        std::uint64_t cycle = 0, local = 0;
        const Cycle* of = nullptr;
    };
    Place place_of(std::uint64_t local) const;

    const RepeatSpec spec_;
    std::vector<Cycle> cycles_;  ///< one for all when they are equally long
};

}  // namespace etude
