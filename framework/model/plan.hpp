// framework/model/plan.hpp - a network bound for one batch size: its activations, its kernels in the order they run, its loss.
//
// Where two neighbours work in different layouts a seam between them transposes; identities (flatten, dropout in evaluation) are left out.
// Derivatives exist from the loss down to the first layer with weights. Nothing is allocated after the constructor.
// Threads: used on the thread that made it.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/aligned.hpp"
#include "layers/layer.hpp"
#include "layers/loss.hpp"
#include "model/spec.hpp"

namespace etude {

/// What the plans of a model share.
struct Network {
    const ModelSpec& layers;
    const Component& loss;
    InputShape input_shape;
    float* input = nullptr;      ///< [samples, features]
    float* weights = nullptr;    ///< the flat buffers
    float* gradients = nullptr;
    std::uint64_t seed = 0;
    const Kernels* kernels = nullptr;
};

class Plan {
  public:
    Plan(const Network& network, std::size_t samples, Pass pass);

    std::size_t samples() const { return samples_; }
    /// Reads its samples from `input` from now on: the present place, or any if chunk_of() is smaller than the batch.
    void read_from(float* input);
    void forward(std::uint64_t update);
    /// Of the last forward(); in training also the derivatives.
    LossSums loss(const Targets& targets) { return loss_->compute(targets); }
    void backward();
    /// Of the last forward(), densely packed [samples, outputs].
    void copy_outputs(float* to) const;
    void describe(std::vector<std::string>& lines) const;

  private:
    /// Activations with their derivatives; `diff` has no memory where nobody needs it.
    struct Signal {
        View values, diff;
    };
    Signal make_signal(const InputShape& shape, Layout layout, bool has_diff);
    Signal bring_to(Layout layout, const Signal& signal);
    Signal copied(const Signal& signal);
    Signal reshaped(Signal signal, const InputShape& shape);
    void add_layers(const Network& network);

    std::size_t samples_;
    Pass pass_;
    const Kernels* kernels_;
    float* input_;
    std::vector<AlignedBuffer<float>> buffers_;
    std::vector<std::unique_ptr<BoundLayer>> steps_;
    Signal outputs_;  // Layout::columns
    std::unique_ptr<BoundLoss> loss_;
};

/// Samples that go through the network together in an evaluation of `samples`: networks that begin with our own kernels take a large batch in
/// pieces whose activations stay in the innermost cache, networks of images in pieces that need little memory.
std::size_t chunk_of(const ModelSpec& layers, const InputShape& input, std::size_t samples);

}  // namespace etude
