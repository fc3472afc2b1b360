#include "layers/activation_layer.hpp"

#include <algorithm>

namespace etude {
namespace {

struct Text {
    std::string_view name, summary, source;
};
constexpr Text texts[] = {
    {"elu", "x above 0, e^x - 1 below.", "Clevert et al. 2016, arXiv:1511.07289, alpha = 1"},
    {"gelu", "x times the normal probability of less than x, exact (erf).", "Hendrycks & Gimpel 2016, arXiv:1606.08415"},
    {"leaky_relu", "x above 0, 0.01 x below (PyTorch's slope; Keras has 0.3).", "Maas et al. 2013"},
    {"relu", "x above 0, 0 below.", "Nair & Hinton 2010"},
    {"sigmoid", "1 / (1 + e^-x).", ""},
    {"softplus", "log(1 + e^x).", "Dugas et al. 2001"},
    {"swish", "x sigmoid(x), also called SiLU.", "Ramachandran et al. 2017, arXiv:1710.05941, beta = 1"},
    {"tanh", "The hyperbolic tangent.", ""},
};

Kind kind_of(const std::string& name) {
    const auto text = std::ranges::find(texts, name, &Text::name);
    return {name, std::string(text->summary), std::string(text->source), {}};
}

class BoundActivation final : public BoundLayer {
  public:
    BoundActivation(Activation activation, const Binding& b) : activation_(activation), b_(b) {}

    void forward(std::uint64_t) override { b_.kernels->activate(activation_, b_.src.data, b_.dst.data, b_.dst.floats()); }
    void backward() override {
        if (!b_.diff_src) return;
        const float* kept = derives_from_argument(activation_) ? b_.src.data : b_.dst.data;
        b_.kernels->activate_backward(activation_, kept, b_.diff_dst.data, b_.diff_dst.floats());
        b_.kernels->activate(Activation::none, b_.diff_dst.data, b_.diff_src.data, b_.diff_src.floats());
    }
    void describe(std::vector<std::string>& lines) const override { lines.push_back(b_.name + ": " + std::string(b_.kernels->name)); }

  private:
    Activation activation_;
    Binding b_;
};

class ActivationLayer final : public LayerType {
  public:
    explicit ActivationLayer(const std::string& name) : LayerType(kind_of(name)), activation_(activation_of(name)) {}

    Layouts layouts(const Component&, const InputShape& input, std::size_t, Layout before) const override {
        const bool fills_up = padded_channels(input.channels, before) != input.channels;
        const Layout layout = fills_up && !keeps_zero(activation_) ? Layout::rows : before;
        return {layout, layout};
    }
    std::optional<LaneStep> lane_step(const Component&, const InputShape&, bool) const override { return LaneActivation{activation_}; }
    std::unique_ptr<BoundLayer> bind(const Component&, const Binding& b) const override { return std::make_unique<BoundActivation>(activation_, b); }

  private:
    Activation activation_;
};

}  // namespace

std::unique_ptr<LayerType> make_activation_layer(const std::string& name) { return std::make_unique<ActivationLayer>(name); }

}  // namespace etude
