#include "layers/dense.hpp"

#include "base/aligned.hpp"
#include "layers/catalogue.hpp"
#include "layers/fused.hpp"
#include "layers/initialiser.hpp"
#include "layers/keys.hpp"
#include "tensor/dnnl.hpp"

namespace etude {
namespace {

Kind dense_kind() {
    return {"dense",
            "Every output is a weighted sum of every input, plus a bias, through an activation.",
            "",
            {required(integer("units", 0, closed(1, 1 << 20), "Number of outputs.")),
             activation_key(), init_key(), init_value_key(), bias_key()}};
}

/// The sizes of one product, as describe() names them.
struct Sizes {
    std::size_t samples, in, out;
    std::string text() const { return std::to_string(samples) + "x" + std::to_string(in) + "x" + std::to_string(out); }
};

/// What both ways share: the function after the product, kept as its derivative wants it.
class DenseBase : public BoundLayer {
  public:
    DenseBase(const Values& values, const Binding& b)
        : b_(b),
          sizes_{b.src.samples, b.src.features, b.dst.features},
          activation_(activation_of(values.word("activation"))),
          bias_(values.flag("bias") ? b.parameters.weights + sizes_.in * sizes_.out : nullptr),
          diff_bias_(values.flag("bias") && b.parameters.gradients ? b.parameters.gradients + sizes_.in * sizes_.out : nullptr) {
        product_ = b_.dst;
        if (derives_from_argument(activation_) && b_.pass == Pass::training) {
            arguments_ = AlignedBuffer<float>(b_.dst.floats());
            product_.data = arguments_.data();
        }
    }

  protected:
    const Kernels& kernels() const { return *b_.kernels; }
    /// The activation as a pass of its own, where the product could not apply it.
    void activate() { kernels().activate(activation_, product_.data, b_.dst.data, b_.dst.floats()); }
    void activate_backward() { kernels().activate_backward(activation_, product_.data, b_.diff_dst.data, b_.diff_dst.floats()); }
    std::string label(const char* what) const { return b_.name + " " + what + " " + sizes_.text() + ": "; }

    Binding b_;
    Sizes sizes_;
    Activation activation_;
    float* bias_;
    float* diff_bias_;
    View product_;                    // what src W' + b is written to: dst, or `arguments_` where the derivative needs it
    AlignedBuffer<float> arguments_;
};

class OwnDense final : public DenseBase {
  public:
    OwnDense(const Values& values, const Binding& b) : DenseBase(values, b), kernel_sizes_{sizes_.in, sizes_.out, b.src.stride / lanes} {}

    void forward(std::uint64_t) override {
        const bool relu = activation_ == Activation::relu;
        kernels().dense_forward(kernel_sizes_, b_.parameters.weights, bias_, b_.src.data, product_.data, relu);
        if (!relu && activation_ != Activation::none) activate();
    }
    void backward() override {
        activate_backward();
        kernels().dense_backward_weights(kernel_sizes_, b_.src.data, b_.diff_dst.data, b_.parameters.gradients, diff_bias_);
        if (b_.diff_src) kernels().dense_backward_data(kernel_sizes_, b_.parameters.weights, b_.diff_dst.data, b_.diff_src.data);
    }
    void describe(std::vector<std::string>& lines) const override {
        const std::string name(kernels().name);
        lines.push_back(label("forward") + name);
        if (b_.pass == Pass::evaluation) return;
        lines.push_back(label("backward_weights") + name);
        if (b_.diff_src) lines.push_back(label("backward_data") + name);
    }

  private:
    DenseSizes kernel_sizes_;
};

Matrix matrix_of(const View& v) { return {v.data, v.samples, v.features, v.stride, 1}; }

class OneDnnDense final : public DenseBase {
  public:
    OneDnnDense(const Values& values, const Binding& b)
        : DenseBase(values, b),
          fused_(fused_of(activation_)),
          forward_(matrix_of(b.src), transposed(weights_at(b.parameters.weights)), matrix_of(product_),
                   {bias_, fused_, fused_slope(fused_)}) {
        if (b.pass == Pass::evaluation) return;
        backward_weights_.emplace(transposed(matrix_of(b.diff_dst)), matrix_of(b.src), weights_at(b.parameters.gradients));
        if (b.diff_src) backward_data_.emplace(matrix_of(b.diff_dst), weights_at(b.parameters.weights), matrix_of(b.diff_src));
    }

    void forward(std::uint64_t) override {
        forward_.execute();
        if (fused_ == Fused::none && activation_ != Activation::none) activate();
    }
    void backward() override {
        activate_backward();
        backward_weights_->execute();
        if (diff_bias_ != nullptr) kernels().sum_rows(b_.diff_dst.data, sizes_.samples, sizes_.out, diff_bias_);
        if (backward_data_) backward_data_->execute();
    }
    void describe(std::vector<std::string>& lines) const override {
        lines.push_back(label("forward") + forward_.kernel());
        if (backward_weights_) lines.push_back(label("backward_weights") + backward_weights_->kernel());
        if (backward_data_) lines.push_back(label("backward_data") + backward_data_->kernel());
    }

  private:
    Matrix weights_at(float* data) const { return {data, sizes_.out, sizes_.in, sizes_.in, 1}; }

    Fused fused_;
    Matmul forward_;
    std::optional<Matmul> backward_weights_, backward_data_;
};

class Dense final : public LayerType {
  public:
    Dense() : LayerType(dense_kind()) {}

    std::optional<Misfit> misfit(const Component&, const InputShape& input) const override {
        if (input.height == 1 && input.width == 1) return std::nullopt;
        return Misfit{"`dense` needs a flat input, not one of " + text_of(input),
                      "put `flatten` before it"};
    }
    InputShape output(const Component& layer, const InputShape&) const override { return {units(layer.values), 1, 1}; }
    std::vector<Trainable> trainables(const Component& layer, const InputShape& input) const override {
        std::vector<Trainable> tensors = {{"weight", {units(layer.values), input.size()}, TensorRole::weight}};
        if (layer.values.flag("bias")) tensors.push_back({"bias", {units(layer.values)}, TensorRole::bias});
        return tensors;
    }
    void initialise(const Component& layer, const InputShape& input, std::size_t index, Rng& rng, float* to) const override {
        if (index > 0) return;  // the flat buffer begins as zeros, and so do biases
        draw_initial(layer.values.word("init"), layer.values.real("init_value"), {units(layer.values), input.size()}, rng, to);
    }
    Layouts layouts(const Component& layer, const InputShape& input, std::size_t samples, Layout) const override {
        const Layout layout = prefers_own_kernels(samples, input.size(), units(layer.values)) ? Layout::columns : Layout::rows;
        return {layout, layout};
    }
    std::unique_ptr<BoundLayer> bind(const Component& layer, const Binding& b) const override {
        if (b.dst.layout == Layout::columns) return std::make_unique<OwnDense>(layer.values, b);
        return std::make_unique<OneDnnDense>(layer.values, b);
    }

  private:
    static std::size_t units(const Values& values) { return static_cast<std::size_t>(values.integer("units")); }
};

}  // namespace

bool prefers_own_kernels(std::size_t samples, std::size_t in, std::size_t out) {
    constexpr std::size_t small = 1 << 15;  // multiply-adds, padding of the samples included; measured: the two ways meet between 2^14 and 2^16
    return round_to_lanes(samples) * in * out <= small;
}

std::unique_ptr<LayerType> make_dense() { return std::make_unique<Dense>(); }

}  // namespace etude
