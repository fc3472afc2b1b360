// framework/plugin/batch_loss.hpp - the loss of one update's samples as a function of the weights, for what looks at it more than once.
#pragma once
#include <span>

namespace etude {

class BatchLoss {
  public:
    BatchLoss() = default;
    BatchLoss(const BatchLoss&) = delete;
    BatchLoss& operator=(const BatchLoss&) = delete;
    virtual ~BatchLoss() = default;

    /// Mean loss of the same samples, with the same dropout masks, at the weights `point`. Weights and gradients of the trial stay as they are.
    virtual double loss(std::span<const float> point) = 0;
    /// The same, and its gradient into `gradients`.
    virtual double gradient(std::span<const float> point, std::span<float> gradients) = 0;
};

}  // namespace etude
