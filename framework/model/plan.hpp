// framework/model/plan.hpp - a network bound for one batch size: its activations, its kernels in the order they run, its loss.
// Threads: used on the thread that made it.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "layers/chain.hpp"
#include "layers/loss.hpp"
#include "model/spec.hpp"

namespace etude {

/// What the plans of a model share.
struct Network {
    const ModelSpec& layers;
    const Component& loss;
    InputShape input_shape;
    float* input = nullptr;      ///< [samples, features]
    Parameters parameters{};     ///< the flat buffers
    std::uint64_t seed = 0;
    const Kernels* kernels = nullptr;
    std::shared_ptr<Workspace> workspace{};  ///< one plan is at work at a time: a batch is forward and back before the next begins
};

class Plan {
  public:
    Plan(const Network& network, std::size_t samples, Pass pass);

    std::size_t samples() const { return samples_; }
    /// Reads its samples from `input` from now on: the present place, or any if chunk_of() is smaller than the batch.
    void read_from(float* input);
    void forward(std::uint64_t update) { chain_.forward(update); }
    /// Of the last forward(); in training also the derivatives.
    LossSums loss(const Targets& targets) { return loss_->compute(targets); }
    void backward() { chain_.backward(); }
    /// Of the last forward(), densely packed [samples, outputs].
    void copy_outputs(float* to) const;
    void describe(std::vector<std::string>& lines) const { chain_.describe(lines); }

  private:
    std::size_t samples_;
    const Kernels* kernels_;
    float* input_;
    Chain chain_;
    Signal outputs_;  // Layout::columns
    std::unique_ptr<BoundLoss> loss_;
};

/// Samples that go through the network together in an evaluation of `samples`: networks that begin with our own kernels take a large batch in
/// pieces whose activations stay in the innermost cache, networks of images in pieces that need little memory.
std::size_t chunk_of(const ModelSpec& layers, const InputShape& input, std::size_t samples);

}  // namespace etude
