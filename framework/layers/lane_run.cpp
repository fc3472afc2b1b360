#include "layers/lane_run.hpp"

#include <algorithm>
#include <array>

#include "base/aligned.hpp"

namespace etude {
namespace {

/// One layer at work: all its images' values (training) or those of one block (evaluation), and what its gradients are summed up in.
class Stage {
  public:
    virtual ~Stage() = default;
    /// Before the first block of a step.
    virtual void begin() {}
    virtual void forward(const float* src, float* dst) = 0;
    /// `diff_dst` may be overwritten; `diff_src` is null where nobody needs it, which is only at the run's first layer, a convolution.
    virtual void backward(const float* src, const float* dst, float* diff_dst, float* diff_src) = 0;
    virtual void begin_backward() {}
    /// After the last block: the gradients.
    virtual void end_backward() {}
    virtual std::string text() const = 0;

    std::size_t in_floats = 0, out_floats = 0;  ///< of a block
    bool in_place = false;                      ///< dst is src, diff_src is diff_dst
};

std::string size_text(std::size_t channels, std::size_t height, std::size_t width) {
    return std::to_string(channels) + "x" + std::to_string(height) + "x" + std::to_string(width);
}

/// Weights of a layer in the flat buffers; the bias lies behind them.
struct ConvParameters {
    const float *weights, *bias;
    float *diff_weights, *diff_bias;
};

class ConvStage final : public Stage {
  public:
    ConvStage(const LaneConvolution& conv, const ConvParameters& p, const LaneKernels& kernels)
        : sizes_(conv.sizes),
          p_(p),
          kernels_(kernels),
          relu_(conv.activation == Activation::relu),
          packed_(round_to_lanes(weight_count())),
          padded_(sizes_.is_padded() ? sizes_.padded_floats() : 0) {
        in_floats = sizes_.in_floats();
        out_floats = sizes_.out_floats();
        if (p.diff_weights == nullptr) return;
        sums_ = AlignedBuffer<float>(weight_count() * lanes);
        bias_sums_ = AlignedBuffer<float>(sizes_.out_channels * lanes);
    }

    void begin() override { kernels_.pack_weights(sizes_, p_.weights, packed_.data()); }
    void forward(const float* src, float* dst) override { kernels_.conv_forward(sizes_, padded(src), packed_.data(), p_.bias, dst, relu_); }
    void begin_backward() override {
        std::ranges::fill(sums_.span(), 0.0f);
        std::ranges::fill(bias_sums_.span(), 0.0f);
    }
    void backward(const float* src, const float* dst, float* diff_dst, float* diff_src) override {
        const std::size_t pixels = sizes_.out_height * sizes_.out_width;
        if (relu_) kernels_.relu_backward_bias(dst, diff_dst, sizes_.out_channels, pixels, bias_sums_.data());
        else kernels_.conv_backward_bias(diff_dst, sizes_.out_channels, pixels, bias_sums_.data());
        kernels_.conv_backward_weights(sizes_, padded(src), diff_dst, sums_.data());
        if (diff_src != nullptr) kernels_.conv_backward_data(sizes_, p_.weights, diff_dst, diff_src);
    }
    void end_backward() override {
        kernels_.add_lanes(sums_.data(), weight_count(), p_.diff_weights);
        if (p_.diff_bias != nullptr) kernels_.add_lanes(bias_sums_.data(), sizes_.out_channels, p_.diff_bias);
    }
    std::string text() const override {
        return "convolution " + size_text(sizes_.in_channels, sizes_.in_height, sizes_.in_width) + " to " +
               size_text(sizes_.out_channels, sizes_.out_height, sizes_.out_width);
    }

  private:
    std::size_t weight_count() const { return sizes_.out_channels * sizes_.taps(); }
    const float* padded(const float* src) {
        if (!sizes_.is_padded()) return src;
        kernels_.pad(sizes_, src, padded_.data());
        return padded_.data();
    }

    ConvSizes sizes_;
    ConvParameters p_;
    const LaneKernels& kernels_;
    bool relu_;
    AlignedBuffer<float> packed_, padded_, sums_, bias_sums_;
};

class PoolStage final : public Stage {
  public:
    PoolStage(const LanePooling& pool, const Kernels& kernels) : pool_(pool), kernels_(kernels) {
        const WindowSizes& s = pool.sizes;
        in_floats = s.planes * s.height * s.width * lanes;
        out_floats = s.planes * s.out_height * s.out_width * lanes;
    }
    void forward(const float* src, float* dst) override {
        if (pool_.largest) kernels_.max_pool_forward(pool_.sizes, src, dst, pool_.relu);
        else kernels_.avg_pool_forward(pool_.sizes, src, dst);
    }
    void backward(const float* src, const float* dst, float* diff_dst, float* diff_src) override {
        if (pool_.largest) kernels_.max_pool_backward(pool_.sizes, src, dst, diff_dst, diff_src, pool_.relu);
        else kernels_.avg_pool_backward(pool_.sizes, diff_dst, diff_src);
    }
    std::string text() const override {
        const WindowSizes& s = pool_.sizes;
        return std::string(pool_.largest ? "largest of " : "mean of ") + size_text(s.planes, s.height, s.width) + " to " +
               size_text(s.planes, s.out_height, s.out_width);
    }

  private:
    LanePooling pool_;
    const Kernels& kernels_;
};

class ActivationStage final : public Stage {
  public:
    ActivationStage(Activation activation, std::size_t floats, const Kernels& kernels) : activation_(activation), kernels_(kernels) {
        in_floats = out_floats = floats;
        in_place = !derives_from_argument(activation);
    }
    void forward(const float* src, float* dst) override { kernels_.activate(activation_, src, dst, in_floats); }
    void backward(const float* src, const float* dst, float* diff_dst, float* diff_src) override {
        kernels_.activate_backward(activation_, in_place ? dst : src, diff_dst, in_floats);
        if (diff_src != diff_dst) std::copy_n(diff_dst, in_floats, diff_src);
    }
    std::string text() const override { return "activation"; }

  private:
    Activation activation_;
    const Kernels& kernels_;
};

/// A relu behind a convolution is the convolution's; any other function of a convolution is a step of its own.
std::vector<LaneStep> with_functions_apart(const std::vector<LaneStep>& steps) {
    std::vector<LaneStep> apart;
    for (const LaneStep& step : steps) {
        LaneConvolution* before = apart.empty() ? nullptr : std::get_if<LaneConvolution>(&apart.back());
        const LaneActivation* function = std::get_if<LaneActivation>(&step);
        if (function != nullptr && before != nullptr && before->activation == Activation::none && function->activation == Activation::relu) {
            before->activation = Activation::relu;
            continue;
        }
        apart.push_back(step);
        if (LaneConvolution* conv = std::get_if<LaneConvolution>(&apart.back()); conv != nullptr && conv->activation != Activation::none &&
                                                                                  conv->activation != Activation::relu) {
            const Activation own = std::exchange(conv->activation, Activation::none);
            apart.push_back(LaneActivation{own});
        }
    }
    return apart;
}

class BoundLaneRun final : public BoundLayer {
  public:
    BoundLaneRun(const std::vector<LaneStep>& steps, const Binding& b)
        : b_(b), kernels_(*b.kernels->images), blocks_((b.src.samples + lanes - 1) / lanes), kept_(b.pass == Pass::training ? blocks_ : 1) {
        add_stages(with_functions_apart(steps));
        std::size_t most = values_.emplace_back(kept_ * stages_.front()->in_floats).size() / kept_;
        for (const auto& stage : stages_) {
            values_.emplace_back(stage->in_place ? 0 : kept_ * stage->out_floats);
            most = std::max(most, stage->out_floats);
        }
        if (b.pass == Pass::training)
            for (AlignedBuffer<float>& diff : diffs_) diff = AlignedBuffer<float>(most);
    }

    void forward(std::uint64_t) override {
        for (const auto& stage : stages_) stage->begin();
        for (std::size_t block = 0; block < blocks_; ++block) {
            kernels_.block_of_rows(first_row(b_.src, block), b_.src.stride, images_of(block), b_.src.features, values(0, block));
            for (std::size_t i = 0; i < stages_.size(); ++i) stages_[i]->forward(values(i, block), values(i + 1, block));
            kernels_.rows_of_block(values(stages_.size(), block), b_.dst.stride, images_of(block), b_.dst.features, first_row(b_.dst, block));
        }
    }

    void backward() override {
        for (const auto& stage : stages_) stage->begin_backward();
        for (std::size_t block = 0; block < blocks_; ++block) backward(block);
        for (const auto& stage : stages_) stage->end_backward();
    }

    void describe(std::vector<std::string>& lines) const override {
        for (const auto& stage : stages_)
            lines.push_back(b_.name + " " + std::to_string(b_.src.samples) + " times " + stage->text() + ": " + std::string(kernels_.name));
    }

  private:
    void add_stages(const std::vector<LaneStep>& steps) {
        std::size_t place = 0;  // in the flat buffers
        for (const LaneStep& step : steps) {
            if (const auto* conv = std::get_if<LaneConvolution>(&step))
                stages_.push_back(std::make_unique<ConvStage>(*conv, take(*conv, place), kernels_));
            else if (const auto* pool = std::get_if<LanePooling>(&step))
                stages_.push_back(std::make_unique<PoolStage>(*pool, *b_.kernels));
            else
                stages_.push_back(std::make_unique<ActivationStage>(std::get<LaneActivation>(step).activation, stages_.back()->out_floats,
                                                                    *b_.kernels));
        }
    }

    /// The layer's part of the flat buffers from `place` on, which moves behind it.
    ConvParameters take(const LaneConvolution& conv, std::size_t& place) const {
        const std::size_t bias = place + conv.sizes.out_channels * conv.sizes.taps();
        const std::size_t first = std::exchange(place, bias + (conv.bias ? conv.sizes.out_channels : 0));
        const bool trains = b_.pass == Pass::training;
        return {b_.parameters.weights + first, conv.bias ? b_.parameters.weights + bias : nullptr, trains ? b_.parameters.gradients + first : nullptr,
                trains && conv.bias ? b_.parameters.gradients + bias : nullptr};
    }

    void backward(std::size_t block) {
        float *diff = diffs_[0].data(), *other = diffs_[1].data();
        kernels_.block_of_rows(first_row(b_.diff_dst, block), b_.diff_dst.stride, images_of(block), b_.diff_dst.features, diff);
        for (std::size_t i = stages_.size(); i-- > 0;) {
            Stage& stage = *stages_[i];
            const bool wanted = i > 0 || b_.diff_src;
            stage.backward(values(i, block), values(i + 1, block), diff, !wanted ? nullptr : stage.in_place ? diff : other);
            if (!stage.in_place) std::swap(diff, other);
        }
        if (b_.diff_src) kernels_.rows_of_block(diff, b_.diff_src.stride, images_of(block), b_.diff_src.features, first_row(b_.diff_src, block));
    }

    /// What stage i reads, and stage i - 1 writes.
    float* values(std::size_t i, std::size_t block) {
        while (i > 0 && stages_[i - 1]->in_place) --i;
        const std::size_t floats = i == 0 ? stages_[0]->in_floats : stages_[i - 1]->out_floats;
        return values_[i].data() + (kept_ > 1 ? block : 0) * floats;
    }
    std::size_t images_of(std::size_t block) const { return std::min(lanes, b_.src.samples - block * lanes); }
    static float* first_row(const View& view, std::size_t block) { return view.data + block * lanes * view.stride; }

    Binding b_;
    const LaneKernels& kernels_;
    std::size_t blocks_, kept_;
    std::vector<std::unique_ptr<Stage>> stages_;
    std::vector<AlignedBuffer<float>> values_;         // [blocks kept][floats of a block] before each stage and after the last; none where in place
    std::array<AlignedBuffer<float>, 2> diffs_;        // of one block
};

}  // namespace

bool prefers_lanes(const ConvSizes& s) {
    const auto fills_vectors = [](std::size_t channels) { return channels % lanes == 0; };
    constexpr std::size_t image_channels = 3;  // up to which oneDNN has kernels for the data itself
    return !fills_vectors(s.out_channels) || (s.in_channels > image_channels && !fills_vectors(s.in_channels));
}

bool begins_run(const LaneStep& step) {
    const auto* conv = std::get_if<LaneConvolution>(&step);
    return conv != nullptr && prefers_lanes(conv->sizes);
}

bool continues_run(const LaneStep& step) { return !std::holds_alternative<LaneConvolution>(step) || begins_run(step); }

std::unique_ptr<BoundLayer> bind_lane_run(const std::vector<LaneStep>& steps, const Binding& binding) {
    return std::make_unique<BoundLaneRun>(steps, binding);
}

}  // namespace etude
