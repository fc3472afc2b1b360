#include "layers/conv2d.hpp"

#include "base/aligned.hpp"
#include "layers/fused.hpp"
#include "layers/initialiser.hpp"
#include "layers/keys.hpp"
#include "tensor/convolution.hpp"

namespace etude {
namespace {

constexpr double largest_side = 1 << 14;

Kind conv2d_kind() {
    return {"conv2d",
            "Every output channel is a sum of the input channels, each slid over by its own kernel, plus a bias, through an activation.",
            "LeCun et al. 1998, Proc. IEEE 86:2278; a cross-correlation, as in Keras and PyTorch. A side of n becomes "
            "floor((n + 2 padding - dilation (kernel - 1) - 1) / stride) + 1, with padding `same` ceil(n / stride)",
            {required(integer("channels", 0, closed(1, 1 << 16), "Number of output channels.")),
             required(integer("kernel", 0, closed(1, largest_side), "Height and width of the kernel, pixels.")),
             integer("stride", 1, closed(1, largest_side), "Pixels from one place of the kernel to the next."),
             integer_or("padding", 0, closed(0, largest_side), {"same"},
                        "Rows and columns of zeros on each side, or `same`: as many as make the output as large as the input divided by the "
                        "stride; an odd one goes below and to the right."),
             integer("dilation", 1, closed(1, largest_side), "Pixels from one number of the kernel to the next."),
             integer("groups", 1, closed(1, 1 << 16), "Channels are divided into so many groups; each output sees its own group only."),
             activation_key(), init_key(), init_value_key(), bias_key()}};
}

std::size_t count(const Values& values, const char* name) { return static_cast<std::size_t>(values.integer(name)); }

/// Zeros before and after one side.
struct Padding {
    std::size_t before, after;
};

/// Pixels that a kernel covers on one side.
std::size_t extent_of(const Values& values) { return (count(values, "kernel") - 1) * count(values, "dilation") + 1; }

Padding padding_of(const Values& values, std::size_t in) {
    if (std::holds_alternative<std::int64_t>(*values.find("padding"))) return {count(values, "padding"), count(values, "padding")};
    const std::size_t stride = count(values, "stride"), out = (in + stride - 1) / stride, covered = (out - 1) * stride + extent_of(values);
    const std::size_t all = covered > in ? covered - in : 0;
    return {all / 2, all - all / 2};
}

std::size_t side_of(const Values& values, std::size_t in) {
    const auto [before, after] = padding_of(values, in);
    return (before + in + after - extent_of(values)) / count(values, "stride") + 1;
}

InputShape output_of(const Values& values, const InputShape& in) {
    return {count(values, "channels"), side_of(values, in.height), side_of(values, in.width)};
}

ConvolutionSizes sizes_of(const Values& values, std::size_t samples, const InputShape& in) {
    const auto [top, bottom] = padding_of(values, in.height);
    const auto [left, right] = padding_of(values, in.width);
    return {samples, in, output_of(values, in), count(values, "kernel"), count(values, "stride"), count(values, "dilation"), count(values, "groups"),
            top, bottom, left, right};
}

/// The tensor [out, in / groups, kernel, kernel].
std::vector<std::size_t> weight_dims(const Values& values, const InputShape& in) {
    const std::size_t kernel = count(values, "kernel");
    return {count(values, "channels"), in.channels / count(values, "groups"), kernel, kernel};
}

class BoundConv2d final : public BoundLayer {
  public:
    BoundConv2d(const Values& values, const Binding& b)
        : b_(b),
          activation_(activation_of(values.word("activation"))),
          fused_(fused_of(activation_)),
          arguments_(derives_from_argument(activation_) && b.pass == Pass::training ? b.dst.floats() : 0),
          product_(b.dst),
          convolution_(make(values)) {}

    void forward(std::uint64_t) override {
        convolution_.forward();
        if (fused_ == Fused::none && activation_ != Activation::none)
            b_.kernels->activate(activation_, product_.data, b_.dst.data, b_.dst.floats());
    }
    void backward() override {
        b_.kernels->activate_backward(activation_, product_.data, b_.diff_dst.data, b_.diff_dst.floats());
        convolution_.backward();
    }
    void describe(std::vector<std::string>& lines) const override {
        for (const std::string& kernel : convolution_.kernels())
            lines.push_back(b_.name + " " + std::to_string(b_.src.samples) + "x" + text_of(b_.src.shape) + " to " + text_of(b_.dst.shape) + " " +
                            kernel);
    }

  private:
    Convolution make(const Values& values) {
        if (arguments_.size() > 0) product_.data = arguments_.data();
        std::size_t weights = 1;
        for (const std::size_t d : weight_dims(values, b_.src.shape)) weights *= d;
        const bool trains = b_.pass == Pass::training, bias = values.flag("bias");
        const Convolution::Buffers buffers{.src = b_.src,
                                           .dst = product_,
                                           .diff_dst = b_.diff_dst,
                                           .diff_src = b_.diff_src,
                                           .weights = b_.parameters.weights,
                                           .bias = bias ? b_.parameters.weights + weights : nullptr,
                                           .diff_weights = trains ? b_.parameters.gradients : nullptr,
                                           .diff_bias = trains && bias ? b_.parameters.gradients + weights : nullptr};
        return Convolution(sizes_of(values, b_.src.samples, b_.src.shape), buffers, fused_, fused_slope(fused_));
    }

    Binding b_;
    Activation activation_;
    Fused fused_;
    AlignedBuffer<float> arguments_;  // of the activation, where its derivative needs them
    View product_;                    // what the convolution writes: dst, or `arguments_`
    Convolution convolution_;
};

class Conv2d final : public LayerType {
  public:
    Conv2d() : LayerType(conv2d_kind()) {}

    std::optional<Misfit> misfit(const Component& layer, const InputShape& input) const override {
        const std::size_t groups = count(layer.values, "groups"), extent = extent_of(layer.values);
        for (const auto& [what, channels] : {std::pair{"input", input.channels}, std::pair{"output", count(layer.values, "channels")}})
            if (channels % groups != 0)
                return Misfit{"groups = " + std::to_string(groups) + " does not divide the " + std::to_string(channels) + " " + what + " channels",
                              "a divisor of both numbers of channels"};
        for (const std::size_t side : {input.height, input.width})
            if (const auto [before, after] = padding_of(layer.values, side); before + side + after < extent)
                return Misfit{"a kernel that covers " + std::to_string(extent) + " pixels is larger than the padded input of " +
                                  std::to_string(before + input.height + after) + "x" + std::to_string(before + input.width + after),
                              "a smaller kernel, more padding, or less pooling before it"};
        return std::nullopt;
    }
    InputShape output(const Component& layer, const InputShape& input) const override { return output_of(layer.values, input); }
    std::vector<Trainable> trainables(const Component& layer, const InputShape& input) const override {
        std::vector<Trainable> tensors = {{"weight", weight_dims(layer.values, input), TensorRole::weight, count(layer.values, "groups")}};
        if (layer.values.flag("bias"))
            tensors.push_back({"bias", {count(layer.values, "channels")}, TensorRole::bias, count(layer.values, "groups")});
        return tensors;
    }
    void initialise(const Component& layer, const InputShape& input, std::size_t index, Rng& rng, float* to) const override {
        if (index > 0) return;  // the flat buffer begins as zeros, and so do biases
        const auto dims = weight_dims(layer.values, input);
        const std::size_t area = dims[2] * dims[3];
        draw_initial(layer.values.word("init"), layer.values.real("init_value"), {dims[0], dims[1] * area, area}, rng, to);
    }
    Layouts layouts(const Component& layer, const InputShape& input, std::size_t samples, Layout) const override {
        return layouts_of(sizes_of(layer.values, samples, input));
    }
    std::optional<LaneStep> lane_step(const Component& layer, const InputShape& input, bool) const override {
        const ConvolutionSizes s = sizes_of(layer.values, 1, input);
        if (s.stride != 1 || s.dilation != 1 || s.groups != 1) return std::nullopt;
        const auto& [in, out] = std::pair{s.src, s.dst};
        const ConvSizes sizes{in.channels, in.height, in.width, out.channels, out.height, out.width, s.kernel, s.kernel, s.top, s.left};
        return LaneConvolution{sizes, layer.values.flag("bias"), activation_of(layer.values.word("activation"))};
    }
    std::unique_ptr<BoundLayer> bind(const Component& layer, const Binding& b) const override {
        return std::make_unique<BoundConv2d>(layer.values, b);
    }
};

}  // namespace

std::unique_ptr<LayerType> make_conv2d() { return std::make_unique<Conv2d>(); }

}  // namespace etude
