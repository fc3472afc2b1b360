// framework/train/update_batch.hpp - the samples of one update: their loss and gradient, at the weights and wherever the optimizer looks.
//
// An update's samples go through the network in pieces of `batch` samples (`accumulate` of them); sums and the gradient of the mean are those of
// all samples, whatever the size of the last piece. Each piece has dropout masks of its own; masks and augmentation are the same each time.
// Allocates in the constructor only.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/aligned.hpp"
#include "base/isa.hpp"
#include "data/dataset.hpp"
#include "model/model.hpp"
#include "plugin/batch_loss.hpp"
#include "train/evaluator.hpp"

namespace etude {

class UpdateBatch : public BatchLoss {
  public:
    struct Pieces {
        std::uint64_t batch = 0, count = 1;  ///< samples in a piece (the most of them), pieces in an update
    };
    /// `looks_around`: will loss() and gradient() be called? Model and part outlive it.
    UpdateBatch(Model& model, const Part& part, bool classification, Pieces pieces, bool looks_around);

    /// Samples in a piece from now on, at most those that it was made for.
    void set_batch(std::uint64_t batch);
    /// Forward and backward over the samples `rows`, at most batch x count: their sums; the gradient of their mean is then in model.gradients().
    BatchResult run(std::span<const std::uint32_t> rows, std::uint64_t update, const AugmentationKey& augmentation);
    /// Looks at other samples than the last run()'s from now on.
    void look_at(std::span<const std::uint32_t> rows, std::uint64_t update, const AugmentationKey& augmentation);
    /// Of the samples last run or looked at.
    double loss(std::span<const float> point) override;
    double gradient(std::span<const float> point, std::span<float> gradients) override;

  private:
    enum class Pass { forward, forward_and_backward };
    BatchResult sums(Pass pass, RunningEstimates estimates);
    template <class F> double at(std::span<const float> point, F&& evaluate);

    Model& model_;
    const Part& part_;
    Pieces pieces_;
    std::uint64_t largest_batch_;
    Isa isa_;
    BatchGatherer gatherer_;
    std::span<const std::uint32_t> rows_;
    std::uint64_t update_ = 0;
    AugmentationKey augmentation_{};
    AlignedBuffer<double> total_;                        // of gradients times samples, where there are several pieces
    AlignedBuffer<float> home_weights_, home_gradients_;  // while the network is elsewhere
};

}  // namespace etude
