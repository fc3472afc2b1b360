// framework/model/model.hpp - a network bound to its buffers and primitives.
//
// One flat buffer for weights, one of the same layout for gradients. Everything is made in the constructor for the batch sizes it names;
// train() and evaluate() allocate nothing of ours, look nothing up and build no primitive.
// Threads: made, used and destroyed on one thread (a oneDNN primitive's scratchpad belongs to the thread that made it); asserted.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "model/spec.hpp"

namespace etude {

/// What is to be predicted, for the samples of one batch: `labels` for classification, `values` for regression.
struct TargetBatch {
    std::span<const std::int32_t> labels;
    std::span<const float> values;  ///< [samples, outputs]
};

/// Sums over the samples of a batch.
struct BatchResult {
    double loss = 0;           ///< sum of the samples' losses (nats, or squared error); not finite when the network diverged
    std::size_t correct = 0;   ///< classification: samples whose largest logit (binary: logit above 0) is their class
    double squared_error = 0;  ///< regression: sum of squared errors, for rmse
};

/// Do the running estimates of batch norms follow a batch? A second look at the same one (SAM) must not count twice.
enum class RunningEstimates { follow, keep };

class Model {
  public:
    struct Sizes {
        std::vector<std::size_t> training;    ///< batch sizes that train() will see, e.g. {32, 20}
        std::vector<std::size_t> evaluation;  ///< batch sizes that evaluate() and predict() will see, e.g. {256, 244}
    };
    /// Weights are drawn from (seed, "init", tensor's place). The spec must have passed check_model.
    Model(const ModelSpec& spec, const Component& loss, const InputShape& input, const Sizes& sizes, std::uint64_t seed);
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;
    ~Model();

    std::span<float> weights();           ///< [weight_count], 64-byte aligned
    std::span<float> gradients();         ///< [weight_count], 64-byte aligned; of the mean loss over the batch, after train()
    std::span<float> buffers();           ///< all that is kept from update to update but not trained (running means and variances), for checkpoints
    const std::vector<TensorInfo>& tensors() const;
    std::size_t outputs() const;

    /// Where a batch goes before train(), evaluate() or predict(): row r of the batch begins at input() + r * input_stride().
    float* input();
    std::size_t input_stride() const;

    /// Forward, loss, backward over the first `samples` rows of input(). `update` keys the dropout masks: (seed, "dropout", update, layer).
    BatchResult train(const TargetBatch& targets, std::size_t samples, std::uint64_t update, RunningEstimates estimates = RunningEstimates::follow);
    /// The same without backward: gradients() stays as it is.
    BatchResult forward(const TargetBatch& targets, std::size_t samples, std::uint64_t update, RunningEstimates estimates = RunningEstimates::follow);
    /// Forward and loss, without dropout, at the present weights().
    BatchResult evaluate(const TargetBatch& targets, std::size_t samples);
    /// The last layer's outputs [samples, outputs()], densely packed, without dropout.
    void predict(std::size_t samples, float* outputs);
    /// The kernels in use, one line a primitive ("0.dense forward 32x2x50: own:v4"), for `doctor` and tests.
    std::vector<std::string> kernels() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace etude
