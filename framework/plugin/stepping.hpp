// framework/plugin/stepping.hpp - an optimizer stepped by hand: any instruction set, any part of the weights, walls around every buffer.
//
// For checks of a plugin (conformance.hpp) and tests of it; a trial uses bound.hpp.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "plugin/batch_loss.hpp"
#include "plugin/configuration.hpp"
#include "plugin/guarded.hpp"
#include "plugin/probing.hpp"
#include "plugin/registry.hpp"
#include "plugin/spec.hpp"

namespace etude {

/// What an optimizer sees that looks around where only gradients are given: the loss 1 + g d + |d|^2 / 2 at the distance d from `centre`.
class Bowl : public BatchLoss {
  public:
    Bowl(std::span<const float> centre, std::span<const float> slope) : centre_(centre.begin(), centre.end()), slope_(slope.begin(), slope.end()) {}
    double loss(std::span<const float> point) override;
    double gradient(std::span<const float> point, std::span<float> gradients) override;

  private:
    std::vector<float> centre_, slope_;
};

class SteppedOptimizer {
  public:
    SteppedOptimizer(const Plugin& plugin, const OptimizerSpec& spec, std::vector<float> start);
    SteppedOptimizer(const SteppedOptimizer&) = delete;
    SteppedOptimizer& operator=(const SteppedOptimizer&) = delete;

    /// One update of all weights, in parts that end at `cuts`. Throws PluginFailure when the plugin reports an error.
    /// One that looks around sees a bowl, and fails where it asks at a point that it did not write whole, or changes anything by asking.
    void step(std::uint64_t update, double lr, std::span<const float> gradients, etude_isa isa = ETUDE_BASE, std::vector<std::size_t> cuts = {});
    /// The same on a surface of the caller's, with its loss at the weights.
    void step(std::uint64_t update, double lr, double loss, std::span<const float> gradients, BatchLoss& surface, etude_isa isa = ETUDE_BASE,
              std::vector<std::size_t> cuts = {});
    std::vector<float> weights();
    /// Weights, slots and scalars, bit by bit.
    std::string state();
    /// Takes over weights, slots and scalars.
    void restore(SteppedOptimizer& other);
    bool walls_stand() const;
    bool has_step(etude_isa isa) const { return functions_.step[isa] != nullptr; }

  private:
    struct Part;
    void look_around(Part& whole, BatchLoss& surface, etude_error& error);
    [[noreturn]] void fail(std::uint64_t update, const std::string& reason) const;

    const OptimizerSpec spec_;
    const etude_optimizer functions_;
    const PluginConfiguration configuration_;
    GuardedFloats weights_, gradients_;
    Prober prober_;
    std::vector<GuardedFloats> slots_;
    std::vector<double> scalars_;
    std::size_t count_;
};

}  // namespace etude
