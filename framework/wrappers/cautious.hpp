// framework/wrappers/cautious.hpp - only those parts of a step that go down the gradient.
#pragma once
#include <span>
#include <vector>

#include "base/aligned.hpp"
#include "base/isa.hpp"
#include "base/value.hpp"
#include "sdk/abi.h"

namespace etude {

/// Liang et al. 2024, arXiv:2411.16085, algorithm 1. With d the step that the optimizer made of a tensor, g the gradient that it was given and
/// s the share of elements with d g < 0:  w <- w + d [d g < 0] / max(s, floor).
/// The authors' code masks Adam's direction alone; around any optimizer it is the whole step, decoupled weight decay included.
/// The paper divides by (|mask| + 1) / n, its code by max(s, 1e-3), as we do. A NaN passes.
class Cautious {
  public:
    Cautious(const Component& settings, std::size_t weight_count, std::vector<etude_tensor> tensors, Isa isa);
    void before(std::span<const float> weights);
    void after(std::span<float> weights, std::span<const float> gradients);

  private:
    bool rescale_;
    double floor_;
    std::vector<etude_tensor> tensors_;
    Isa isa_;
    AlignedBuffer<float> before_;
};

}  // namespace etude
