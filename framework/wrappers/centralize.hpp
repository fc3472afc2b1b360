// framework/wrappers/centralize.hpp - gradients whose rows have mean 0.
#pragma once
#include <span>
#include <vector>

#include "base/isa.hpp"
#include "base/value.hpp"
#include "sdk/abi.h"

namespace etude {

/// Yong et al. 2020, arXiv:2004.01461, eq. 1: the mean over the incoming weights of an output is taken off each row of a tensor of two or more
/// dimensions (`conv_only`: of three or more); biases and scales stay as they are.
class Centralize {
  public:
    Centralize(const Component& settings, const std::vector<etude_tensor>& tensors, Isa isa);
    void apply(std::span<float> gradients) const;

  private:
    std::vector<etude_tensor> tensors_;  // those with rows
    Isa isa_;
};

}  // namespace etude
