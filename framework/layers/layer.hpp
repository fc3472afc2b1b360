// framework/layers/layer.hpp - what a layer is: a LayerType says what a study may write and which shapes and tensors follow; it
// binds a BoundLayer to the buffers of one batch size. One pair of files a layer; layer_type() finds it by name.
// Thread safety: a LayerType is constant; a BoundLayer belongs to the thread that made it (see tensor/dnnl.hpp).
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/value.hpp"
#include "layers/kernels.hpp"
#include "layers/lane_step.hpp"
#include "layers/workspace.hpp"
#include "tensor/shape.hpp"

namespace etude {

/// Why a layer or a loss does not fit.
struct Misfit {
    std::string message, hint;
    std::vector<std::string> inside{};  ///< the way from a layer to one of the layers that it holds: {"residual", "body", "0"}
};

/// A trainable tensor of a layer; they lie one after another in the flat buffer.
struct Trainable {
    std::string name;               ///< "weight"
    std::vector<std::size_t> dims;  ///< row-major, fan-out first
    TensorRole role = TensorRole::weight;
    std::size_t groups = 1;         ///< of a convolution
    std::size_t count() const {
        std::size_t product = 1;
        for (const std::size_t d : dims) product *= d;
        return product;
    }
};

/// Whether a batch is trained on or only passed forward.
enum class Pass { training, evaluation };

/// Where a layer finds its numbers in the buffers of the model.
struct Parameters {
    float* weights = nullptr;    ///< of the layer's first tensor
    float* gradients = nullptr;  ///< the same place in the gradients
    float* state = nullptr;      ///< what is neither trained nor drawn: running means
    Parameters behind(const std::vector<Trainable>& tensors, std::size_t state_count) const {
        std::size_t count = 0;
        for (const Trainable& t : tensors) count += t.count();
        return {weights + count, gradients + count, state + state_count};
    }
};

/// The buffers of one layer for one batch size. They stay where they are as long as the layer lives.
struct Binding {
    std::string name;            ///< "0.dense", for messages and kernels()
    std::uint64_t place = 0;     ///< in the model; no two layers have the same
    std::uint64_t seed = 0;
    Pass pass = Pass::evaluation;
    View src, dst;               ///< distinct memory, the same samples; the layouts that layouts() asked for
    View diff_dst, diff_src;     ///< training only; diff_src has no memory where nobody needs it. backward() may overwrite diff_dst
    Parameters parameters{};
    const Kernels* kernels = nullptr;
    bool relu_behind = false;    ///< applies relu to what it makes, of which LayerType::takes_relu spoke
    std::shared_ptr<Workspace> workspace{};  ///< what a chain lends, with the list in which the layer stands: for layers that hold layers
    ListPlace list{};
};

class BoundLayer {
  public:
    virtual ~BoundLayer() = default;
    /// `update` keys whatever is random.
    virtual void forward(std::uint64_t update) = 0;
    /// From diff_dst to diff_src and the gradients, which are overwritten.
    virtual void backward() = 0;
    /// Appends one line a kernel: "0.dense forward 32x2x50: own:v4".
    virtual void describe(std::vector<std::string>& lines) const = 0;
};

class LayerType {
  public:
    explicit LayerType(Kind kind) : kind_(std::move(kind)) {}
    virtual ~LayerType() = default;
    const Kind& kind() const { return kind_; }

    virtual std::optional<Misfit> misfit(const Component&, const InputShape&) const { return std::nullopt; }
    virtual InputShape output(const Component&, const InputShape& input) const { return input; }
    virtual std::vector<Trainable> trainables(const Component&, const InputShape&) const { return {}; }
    /// Draws the initial values of tensor `index` of trainables().
    virtual void initialise(const Component&, const InputShape&, std::size_t /*index*/, Rng&, float* /*to*/) const {}

    /// Numbers that are kept from one update to the next but not trained, and how they begin.
    virtual std::size_t state(const Component&, const InputShape&) const { return 0; }
    virtual void initialise_state(const Component&, const InputShape&, float* /*to*/) const {}

    /// True when the output is the input itself; then nothing is bound.
    virtual bool is_identity(const Component&, Pass) const { return false; }
    /// Can it apply a relu that stands behind it in its own pass? (max_pool: also one before it, since the two commute.)
    virtual bool takes_relu(const Component&) const { return false; }
    /// The layouts in which it works on `samples`, given that of what stands before it. A pure function of the sizes and, for images, of the
    /// machine. By default every number is treated alike, wherever it stands; those that fill up blocks of channels must stay 0.
    virtual Layouts layouts(const Component&, const InputShape&, std::size_t /*samples*/, Layout before) const { return {before, before}; }
    /// What it does in a run of layers with images in the lanes, if it can be part of one; `relu_behind` as in Binding.
    virtual std::optional<LaneStep> lane_step(const Component&, const InputShape&, bool /*relu_behind*/) const { return std::nullopt; }
    virtual std::unique_ptr<BoundLayer> bind(const Component& layer, const Binding& binding) const = 0;

  private:
    Kind kind_;
};

/// nullptr when there is no such layer.
const LayerType* layer_type(std::string_view name);
/// Of a name that has been checked.
const LayerType& require_layer_type(std::string_view name);

}  // namespace etude
