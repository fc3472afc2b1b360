// framework/wrappers/lookahead.hpp - slow weights that follow those of an optimizer.
#pragma once
#include <cstdint>
#include <span>

#include "base/aligned.hpp"
#include "base/archive.hpp"
#include "base/isa.hpp"
#include "base/value.hpp"

namespace etude {

/// Zhang et al. 2019, arXiv:1907.08610, algorithm 1: after k updates  slow <- slow + alpha (fast - slow), fast <- slow.
/// What the optimizer remembers is kept, as in the paper's experiments. The slow weights begin at the initial ones.
/// The paper evaluates the slow weights, and so do we unless `evaluate: fast`; fastai and timm evaluate the fast ones.
class Lookahead {
  public:
    Lookahead(const Component& settings, std::size_t weight_count, Isa isa);
    /// Before the first update.
    void begin(std::span<const float> weights);
    /// After `update` (counted from 0).
    void follow(std::uint64_t update, std::span<float> weights);
    bool evaluates_slow() const { return evaluates_slow_; }
    std::span<const float> slow() const { return slow_.span(); }
    void exchange(Archive& archive) { archive.items(slow_.span()); }

  private:
    std::uint64_t period_;
    float alpha_;
    bool evaluates_slow_;
    Isa isa_;
    AlignedBuffer<float> slow_;
};

}  // namespace etude
