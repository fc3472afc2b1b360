// layer_norm: y = (x - mean) / sqrt(variance + eps) * scale + shift, with mean and (biased) variance over all numbers of one sample (Ba et al. 2016,
// eq. 3 and 4). Scale and shift are trained, one each for every number: PyTorch's LayerNorm over all axes but the first. Keras takes the last axis
// only, which for a vector is the same.
#include <algorithm>

#include "base/aligned.hpp"
#include "layers/norms.hpp"

namespace etude {
namespace {

Kind layer_norm_kind() {
    return {"layer_norm",
            "Gives every sample mean 0 and variance 1 over all its numbers, then a scale and a shift for each of them that are trained.",
            "Ba et al. 2016, arXiv:1607.06450; over all axes of a sample, as PyTorch's LayerNorm(shape of a sample)",
            {real("eps", 1e-5, above(0), "Added to the variance.")}};
}

class BoundLayerNorm final : public BoundLayer {
  public:
    BoundLayerNorm(const Values& values, const Binding& b)
        : b_(b), eps_(static_cast<float>(values.real("eps"))), sizes_{b.src.features, b.src.stride / lanes},
          mean_(b.src.stride), inverse_(b.src.stride) {}

    void forward(std::uint64_t) override {
        const float* scale = b_.parameters.weights;
        b_.kernels->sample_normalise(sizes_, b_.src.data, scale, scale + sizes_.features, eps_, mean_.data(), inverse_.data(), b_.dst.data);
    }
    void backward() override {
        float* diff_scale = b_.parameters.gradients;
        b_.kernels->sample_backward_weights(sizes_, b_.src.data, b_.diff_dst.data, mean_.data(), inverse_.data(), diff_scale,
                                            diff_scale + sizes_.features);
        if (b_.diff_src)
            b_.kernels->sample_backward_data(sizes_, b_.src.data, b_.diff_dst.data, b_.parameters.weights, mean_.data(), inverse_.data(),
                                             b_.diff_src.data);
    }
    void describe(std::vector<std::string>& lines) const override { lines.push_back(b_.name + ": " + std::string(b_.kernels->name)); }

  private:
    Binding b_;
    float eps_;
    SampleSizes sizes_;
    AlignedBuffer<float> mean_, inverse_;  // of each sample
};

class LayerNorm final : public LayerType {
  public:
    LayerNorm() : LayerType(layer_norm_kind()) {}

    std::vector<Trainable> trainables(const Component&, const InputShape& input) const override {
        const std::vector<std::size_t> dims =
            is_image(input) ? std::vector{input.channels, input.height, input.width} : std::vector{input.channels};
        return {{"scale", dims, TensorRole::scale}, {"shift", dims, TensorRole::shift}};
    }
    void initialise(const Component&, const InputShape& input, std::size_t index, Rng&, float* to) const override {
        std::fill_n(to, input.size(), index == 0 ? 1.0f : 0.0f);
    }
    Layouts layouts(const Component&, const InputShape&, std::size_t, Layout) const override { return {Layout::columns, Layout::columns}; }
    std::unique_ptr<BoundLayer> bind(const Component& layer, const Binding& b) const override {
        return std::make_unique<BoundLayerNorm>(layer.values, b);
    }
};

}  // namespace

std::unique_ptr<LayerType> make_layer_norm() { return std::make_unique<LayerNorm>(); }

}  // namespace etude
