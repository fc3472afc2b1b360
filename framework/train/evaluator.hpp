// framework/train/evaluator.hpp - loss and accuracy over a whole part, in chunks that fit the caches.
#pragma once
#include <cstdint>
#include <vector>

#include "data/dataset.hpp"
#include "model/model.hpp"

namespace etude {

/// Means over a part.
struct Evaluation {
    double loss = 0;
    double score = 0;  ///< accuracy, or rmse for regression
};
Evaluation evaluation_of(const BatchResult& sum, std::size_t samples, std::size_t outputs, bool classification);

/// Rows of a part written to the model's input, with their targets. Allocates in the constructor only.
class BatchGatherer {
  public:
    BatchGatherer(std::size_t largest_batch, std::size_t outputs, bool classification);
    TargetBatch gather(const Part& part, std::span<const std::uint32_t> rows, Model& model);
    /// With the part's augmentation: for training.
    TargetBatch gather_augmented(const Part& part, std::span<const std::uint32_t> rows, const AugmentationKey& key, Model& model);

  private:
    TargetBatch targets(const Part& part, std::span<const std::uint32_t> rows);

    std::size_t outputs_;
    bool classification_;
    std::vector<std::int32_t> labels_;
    std::vector<float> values_;
};

/// The batch sizes in which `count` samples are evaluated.
std::vector<std::size_t> evaluation_sizes(std::size_t count);

class Evaluator {
  public:
    Evaluator(const Part& part, std::size_t outputs, bool classification);
    Evaluation run(Model& model);

  private:
    const Part& part_;
    std::size_t outputs_;
    bool classification_;
    std::vector<std::uint32_t> rows_;  // 0, 1, 2, ...
    BatchGatherer gatherer_;
};

}  // namespace etude
