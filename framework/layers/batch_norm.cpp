// batch_norm: y = (x - mean) / sqrt(variance + eps) * scale + shift, channel by channel (Ioffe & Szegedy 2015, algorithm 1).
//
// In training mean and variance (biased: divided by the count m) are the batch's; running estimates follow them, of the variance the unbiased one
// (divided by m - 1; by m where m is 1), as in PyTorch:  running = momentum * running + (1 - momentum) * batch.
// The way back (with r = 1 / sqrt(variance + eps), x' = (x - mean) r, sums over the m numbers of a channel, divided by m where it says mean):
//   d shift = sum dy, d scale = sum dy x', dx = scale r (dy - mean dy - x' mean(dy x')).
#include <algorithm>
#include <array>
#include <cmath>

#include "base/aligned.hpp"
#include "layers/norms.hpp"

namespace etude {
namespace {

Kind batch_norm_kind() {
    return {"batch_norm",
            "Gives every channel mean 0 and variance 1 over the batch, then a scale and a shift that are trained; evaluation takes "
            "running estimates.",
            "Ioffe & Szegedy 2015, arXiv:1502.03167. The running variance is the unbiased one, as in PyTorch; `momentum` is counted as in Keras: "
            "PyTorch's is 1 - momentum",
            {real("momentum", 0.9, closed(0, 1), "Share of the running estimates that an update keeps; 1 never changes them."),
             real("eps", 1e-5, above(0), "Added to the variance.")}};
}

class BoundBatchNorm final : public BoundLayer {
  public:
    BoundBatchNorm(const Values& values, const Binding& b)
        : b_(b),
          momentum_(values.real("momentum")),
          eps_(values.real("eps")),
          channels_(b.src.shape.channels),
          sizes_{b.src.samples, padded_channels(channels_, Layout::blocked16) / lanes, b.src.shape.height * b.src.shape.width},
          numbers_(sizes_.blocks * lanes * std::tuple_size_v<decltype(parts_)>) {
        for (std::size_t i = 0; i < parts_.size(); ++i) parts_[i] = numbers_.data() + i * sizes_.blocks * lanes;
    }

    void forward(std::uint64_t) override {
        if (b_.pass == Pass::training) {
            b_.kernels->channel_moments(sizes_, b_.src.data, mean(), variance());
            follow();
        } else {
            std::copy_n(running_mean(), channels_, mean());
            std::copy_n(running_variance(), channels_, variance());
        }
        for (std::size_t c = 0; c < channels_; ++c) {
            scale()[c] = static_cast<float>(static_cast<double>(b_.parameters.weights[c]) * inverse(c));
            shift()[c] = b_.parameters.weights[channels_ + c];
        }
        b_.kernels->channel_normalise(sizes_, b_.src.data, affine(), b_.dst.data, b_.relu_behind);
    }

    void backward() override {
        b_.kernels->channel_backward_sums(sizes_, b_.src.data, b_.diff_dst.data, affine(), b_.relu_behind, sum(), products());
        const double count = static_cast<double>(sizes_.samples * sizes_.pixels);
        for (std::size_t c = 0; c < channels_; ++c) {
            const double r = inverse(c), by_scale = static_cast<double>(products()[c]) * r, gain = static_cast<double>(b_.parameters.weights[c]) * r;
            b_.parameters.gradients[c] = static_cast<float>(by_scale);
            b_.parameters.gradients[channels_ + c] = sum()[c];
            slope()[c] = static_cast<float>(-gain * r * by_scale / count);
            offset()[c] = static_cast<float>(-gain * static_cast<double>(sum()[c]) / count);
        }
        if (b_.diff_src)
            b_.kernels->channel_backward(sizes_, b_.src.data, b_.diff_dst.data, affine(), b_.relu_behind, slope(), offset(), b_.diff_src.data);
    }

    void describe(std::vector<std::string>& lines) const override { lines.push_back(b_.name + ": " + std::string(b_.kernels->name)); }

  private:
    void follow() {
        const double count = static_cast<double>(sizes_.samples * sizes_.pixels), unbiased = count > 1 ? count / (count - 1) : 1;
        const auto move = [&](float& running, double batch) {
            running = static_cast<float>(momentum_ * static_cast<double>(running) + (1 - momentum_) * batch);
        };
        for (std::size_t c = 0; c < channels_; ++c) {
            move(running_mean()[c], static_cast<double>(mean()[c]));
            move(running_variance()[c], static_cast<double>(variance()[c]) * unbiased);
        }
    }

    double inverse(std::size_t c) { return 1 / std::sqrt(static_cast<double>(variance()[c]) + eps_); }
    ChannelAffine affine() { return {mean(), scale(), shift()}; }
    float* running_mean() { return b_.parameters.state; }
    float* running_variance() { return b_.parameters.state + channels_; }
    float* mean() { return parts_[0]; }
    float* variance() { return parts_[1]; }
    float* scale() { return parts_[2]; }
    float* shift() { return parts_[3]; }
    float* sum() { return parts_[4]; }
    float* products() { return parts_[5]; }
    float* slope() { return parts_[6]; }
    float* offset() { return parts_[7]; }

    Binding b_;
    double momentum_, eps_;
    std::size_t channels_;
    ChannelSizes sizes_;
    std::array<float*, 8> parts_{};  // [blocks * 16] each; what fills up the last block is 0
    AlignedBuffer<float> numbers_;
};

class BatchNorm final : public LayerType {
  public:
    BatchNorm() : LayerType(batch_norm_kind()) {}

    std::vector<Trainable> trainables(const Component&, const InputShape& input) const override {
        return {{"scale", {input.channels}, TensorRole::scale}, {"shift", {input.channels}, TensorRole::shift}};
    }
    void initialise(const Component&, const InputShape& input, std::size_t index, Rng&, float* to) const override {
        std::fill_n(to, input.channels, index == 0 ? 1.0f : 0.0f);
    }
    std::size_t state(const Component&, const InputShape& input) const override { return 2 * input.channels; }
    void initialise_state(const Component&, const InputShape& input, float* to) const override {
        std::fill_n(to, input.channels, 0.0f);
        std::fill_n(to + input.channels, input.channels, 1.0f);
    }
    Layouts layouts(const Component&, const InputShape&, std::size_t, Layout) const override { return {Layout::blocked16, Layout::blocked16}; }
    bool takes_relu(const Component&) const override { return true; }
    std::unique_ptr<BoundLayer> bind(const Component& layer, const Binding& b) const override {
        return std::make_unique<BoundBatchNorm>(layer.values, b);
    }
};

}  // namespace

std::unique_ptr<LayerType> make_batch_norm() { return std::make_unique<BatchNorm>(); }

}  // namespace etude
