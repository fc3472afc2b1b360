// framework/train/curvature.hpp - the largest eigenvalue of the loss's Hessian: gradient descent is stable while it lies below 2 / lr.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "plugin/batch_loss.hpp"

namespace etude {

/// Power iteration on differences of gradients: H v = (g(w + h v) - g(w - h v)) / 2h for a unit vector v, h = a thousandth of |w|.
/// Source: Cohen et al. 2021, arXiv:2103.00065, for what it says of the rate (there by exact products with the Hessian, Pearlmutter 1994;
/// ours costs two gradients a step and no second derivatives, and smooths over the kinks of ReLU within h).
/// Allocates in the constructor only.
class Curvature {
  public:
    explicit Curvature(std::size_t weights);
    /// The eigenvalue of the largest magnitude, the sign kept, to about a thousandth; of the first vector drawn from (seed, "curvature").
    /// NaN where a gradient is not finite. Weights and gradients of the trial stay as they are.
    double largest_eigenvalue(BatchLoss& loss, std::span<const float> weights, std::uint64_t seed);

  private:
    void product(BatchLoss& loss, std::span<const float> weights, double distance);

    std::vector<double> direction_, product_;  // a unit vector; the Hessian times it
    std::vector<float> point_, gradient_;
};

}  // namespace etude
