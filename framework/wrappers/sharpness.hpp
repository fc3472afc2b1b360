// framework/wrappers/sharpness.hpp - the gradient where the loss is worst near the weights: sam.
#pragma once
#include <span>

#include "base/aligned.hpp"
#include "base/isa.hpp"
#include "base/value.hpp"
#include "plugin/batch_loss.hpp"

namespace etude {

/// Foret et al. 2021, arXiv:2010.01412: e = rho g / |g|, and the optimizer is given the gradient of the same batch at w + e.
/// adaptive (Kwon et al. 2021, arXiv:2102.11600): e = rho T^2 g / |T g| with T = |w| + eta for every tensor; the paper's code has T = 1 for
/// biases. Norms are over all weights; 1e-12 is added to them, as in the authors' code.
class Sharpness {
  public:
    Sharpness(const Component& settings, std::size_t weight_count, Isa isa);
    /// Replaces `gradients`, those at `weights`, and gives the loss that belongs to them.
    double apply(std::span<const float> weights, std::span<float> gradients, BatchLoss& surface);

  private:
    double rho_, eta_;
    bool adaptive_;
    Isa isa_;
    AlignedBuffer<float> point_;
};

}  // namespace etude
