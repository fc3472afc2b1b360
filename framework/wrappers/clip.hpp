// framework/wrappers/clip.hpp - gradient clipping before a step.
#pragma once
#include <span>
#include <vector>

#include "base/isa.hpp"
#include "plugin/spec.hpp"
#include "sdk/abi.h"

namespace etude {

/// norm: gradients times limit / max(norm, limit), where norm is the global one; value: each element into [-limit, limit]; adaptive (Brock et al.
/// 2021, arXiv:2102.06171, eq. 3): each row of a tensor times limit |w| / |g| where that is below 1, |w| at least eps. A NaN stays one.
/// Rows are the incoming weights of an output; a bias is one row, as in the paper's code (the paper speaks of each unit). That code leaves
/// the last layer alone; here it is clipped as well.
/// Sums of squares are taken in double over sixteen lanes in a fixed order: the same bits for every instruction set.
class GradientClip {
  public:
    GradientClip(const Clip& clip, std::size_t weight_count, std::vector<etude_tensor> tensors, Isa isa);
    void apply(std::span<const float> weights, std::span<float> gradients) const;

  private:
    Clip clip_;
    std::vector<etude_tensor> tensors_;
    Isa isa_;
};

}  // namespace etude
