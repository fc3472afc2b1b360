// framework/layers/chain.hpp - layers bound one after another: the network's own list, and the lists inside a residual layer.
//
// Where two neighbours work in different layouts a seam between them transposes or reorders; identities (flatten, dropout in evaluation) are left
// out. Derivatives exist from the end down to the first layer with weights. Nothing is allocated after the layers are there.
// Threads: used on the thread that made it.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/aligned.hpp"
#include "layers/layer.hpp"
#include "layers/workspace.hpp"

namespace etude {

/// Activations with their derivatives; `diff` has no memory where nobody needs it. What was lent is good until the next layer but one.
struct Signal {
    View values, diff;
};

/// What the layers of a chain are bound with. The pointers move on with each layer that has weights or state.
struct Ground {
    std::uint64_t seed = 0;
    const Kernels* kernels = nullptr;
    Parameters parameters{};
};

class Chain {
  public:
    /// Where `workspace` is null it makes one.
    Chain(Pass pass, std::shared_ptr<Workspace> workspace, ListPlace list);
    Chain(Chain&&) = default;

    /// Binds `layers` to `input`; `prefix` comes before the names of the layers ("" or "2.residual.body."), `place` is that of the first.
    /// Returns what the last one writes.
    Signal append(const std::vector<Component>& layers, const std::string& prefix, std::uint64_t place, Signal input, Ground& ground);
    Signal bring_to(Layout layout, const Signal& signal, const Kernels& kernels);

    /// Reads its samples from `data` from now on; it must begin with a seam.
    void read_from(float* data);
    void forward(std::uint64_t update) {
        for (const auto& step : steps_) step->forward(update);
    }
    void backward() {
        for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) (*step)->backward();
    }
    void describe(std::vector<std::string>& lines) const {
        for (const auto& step : steps_) step->describe(lines);
    }

  private:
    Signal make_signal(std::size_t samples, const InputShape& shape, Layout layout, bool has_diff);
    Signal copied(const Signal& signal, const Kernels& kernels);
    Signal reshaped(Signal signal, const InputShape& shape, const Kernels& kernels);

    float* lent(std::size_t floats);

    Pass pass_;
    std::shared_ptr<Workspace> workspace_;
    ListPlace list_;
    bool odd_ = false;                          // the slot that is next
    std::vector<AlignedBuffer<float>> buffers_;  // what the way back needs: activations in training
    std::vector<std::unique_ptr<BoundLayer>> steps_;
};

/// The layout in which `layers` leave what they are given in `before`.
Layouts layouts_through(const std::vector<Component>& layers, InputShape shape, std::size_t samples, Layout before, Pass pass);

}  // namespace etude
