// framework/plugin/stepping.hpp - an optimizer stepped by hand: any instruction set, any part of the weights, walls around every buffer.
//
// For checks of a plugin (conformance.hpp) and tests of it; a trial uses bound.hpp.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/aligned.hpp"
#include "plugin/configuration.hpp"
#include "plugin/registry.hpp"
#include "plugin/spec.hpp"

namespace etude {

/// Floats with a wall on either side that nothing may write to.
class GuardedFloats {
  public:
    explicit GuardedFloats(std::size_t size);
    float* data() { return memory_.data() + wall; }
    std::span<float> span() { return {data(), size_}; }
    bool walls_stand() const;

  private:
    static constexpr std::size_t wall = 32;  // floats: two cache lines, so that data() is aligned too
    std::size_t size_;
    AlignedBuffer<float> memory_;
};

class SteppedOptimizer {
  public:
    SteppedOptimizer(const Plugin& plugin, const OptimizerSpec& spec, std::vector<float> start);
    SteppedOptimizer(const SteppedOptimizer&) = delete;
    SteppedOptimizer& operator=(const SteppedOptimizer&) = delete;

    /// One update of all weights, in parts that end at `cuts`. Throws PluginFailure when the plugin reports an error.
    void step(std::uint64_t update, double lr, std::span<const float> gradients, etude_isa isa = ETUDE_BASE, std::vector<std::size_t> cuts = {});
    std::vector<float> weights();
    /// Weights, slots and scalars, bit by bit.
    std::string state();
    /// Takes over weights, slots and scalars.
    void restore(SteppedOptimizer& other);
    bool walls_stand() const;
    bool has_step(etude_isa isa) const { return functions_.step[isa] != nullptr; }

  private:
    const OptimizerSpec spec_;
    const etude_optimizer functions_;
    const Configuration configuration_;
    GuardedFloats weights_, gradients_;
    std::vector<GuardedFloats> slots_;
    std::vector<double> scalars_;
    std::size_t count_;
};

}  // namespace etude
