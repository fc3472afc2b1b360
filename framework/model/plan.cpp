#include "model/plan.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "tensor/reorder.hpp"

namespace etude {
namespace {

/// Activations and their derivatives on both sides of a seam.
struct Sides {
    View src, dst, diff_src, diff_dst;
};

/// Between Layout::rows and Layout::columns, or a copy where both are rows.
class Transposition final : public BoundLayer {
  public:
    Transposition(const Sides& sides, const Kernels& kernels) : s_(sides), kernels_(kernels) {}

    void read_from(float* data) { s_.src.data = data; }
    void forward(std::uint64_t) override { turn(s_.src, s_.dst); }
    void backward() override {
        if (s_.diff_src) turn(s_.diff_dst, s_.diff_src);
    }
    void describe(std::vector<std::string>&) const override {}

  private:
    void turn(const View& from, const View& to) {
        if (from.layout == to.layout) {
            std::copy_n(from.data, from.samples * from.stride, to.data);
            return;
        }
        const bool by_rows = from.layout == Layout::rows;
        const std::size_t rows = by_rows ? from.samples : from.features, columns = by_rows ? from.features : from.samples;
        kernels_.transpose(from.data, from.stride, rows, columns, to.data, to.stride);
    }

    Sides s_;
    const Kernels& kernels_;
};

/// Between two of oneDNN's layouts of images.
class Reordering final : public BoundLayer {
  public:
    explicit Reordering(const Sides& s) : forward_(s.src, s.dst) {
        if (s.diff_src) backward_.emplace(s.diff_dst, s.diff_src);
    }
    void forward(std::uint64_t) override { forward_.execute(); }
    void backward() override {
        if (backward_) backward_->execute();
    }
    void describe(std::vector<std::string>& lines) const override { lines.push_back("seam: " + forward_.kernel()); }

  private:
    Reorder forward_;
    std::optional<Reorder> backward_;
};

}  // namespace

Plan::Plan(const Network& network, std::size_t samples, Pass pass)
    : samples_(samples), pass_(pass), kernels_(network.kernels), input_(network.input) {
    add_layers(network);
    loss_ = loss_type(network.loss.name)->bind(network.loss.values, {outputs_.values, outputs_.diff, kernels_});
}

Plan::Signal Plan::make_signal(const InputShape& shape, Layout layout, bool has_diff) {
    Signal signal{shaped(samples_, shape, layout), shaped(samples_, shape, layout)};
    signal.values.data = buffers_.emplace_back(signal.values.floats()).data();
    if (has_diff) signal.diff.data = buffers_.emplace_back(signal.diff.floats()).data();
    return signal;
}

Plan::Signal Plan::bring_to(Layout layout, const Signal& signal) {
    const Layout from = signal.values.layout;
    if (from == layout) return signal;
    const bool by_transposing = from == Layout::columns || layout == Layout::columns;
    if (by_transposing && from != Layout::rows && layout != Layout::rows) return bring_to(layout, bring_to(Layout::rows, signal));
    const Signal turned = make_signal(signal.values.shape, layout, static_cast<bool>(signal.diff));
    const Sides sides{signal.values, turned.values, signal.diff, turned.diff};
    if (by_transposing)
        steps_.push_back(std::make_unique<Transposition>(sides, *kernels_));
    else
        steps_.push_back(std::make_unique<Reordering>(sides));
    return turned;
}

/// Behind a copy, so that the input may move.
Plan::Signal Plan::copied(const Signal& signal) {
    const Signal copy = make_signal(signal.values.shape, Layout::rows, false);
    steps_.push_back(std::make_unique<Transposition>(Sides{signal.values, copy.values, {}, {}}, *kernels_));
    return copy;
}

/// The same numbers as another shape: an image is a vector only in Layout::rows or Layout::columns.
Plan::Signal Plan::reshaped(Signal signal, const InputShape& shape) {
    if (signal.values.shape == shape) return signal;
    if (signal.values.layout != Layout::columns) signal = bring_to(Layout::rows, signal);
    signal.values.shape = signal.diff.shape = shape;
    return signal;
}

void Plan::add_layers(const Network& network) {
    Signal signal{shaped(samples_, network.input_shape, Layout::rows), shaped(samples_, network.input_shape, Layout::rows)};
    signal.values.data = network.input;
    float *weights = network.weights, *gradients = network.gradients;
    bool has_weights = false;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const Component& layer = network.layers[i];
        const LayerType& type = *layer_type(layer.name);
        const InputShape out = type.output(layer, signal.values.shape);
        if (type.is_identity(layer, pass_)) {
            signal = reshaped(signal, out);
            continue;
        }
        const InputShape in = signal.values.shape;
        if (steps_.empty() && pass_ == Pass::evaluation && is_image(in)) signal = copied(signal);
        const Layouts layouts = type.layouts(layer, in, samples_, signal.values.layout);
        signal = bring_to(layouts.src, signal);
        const auto tensors = type.trainables(layer, in);
        has_weights = has_weights || !tensors.empty();
        const Signal next = make_signal(out, layouts.dst, pass_ == Pass::training && has_weights);
        steps_.push_back(type.bind(layer, {std::to_string(i) + "." + layer.name, i, network.seed, pass_, signal.values, next.values, next.diff, signal.diff,
                                            weights, gradients, kernels_}));
        for (const Trainable& t : tensors) weights += t.count(), gradients += t.count();
        signal = next;
    }
    outputs_ = bring_to(Layout::columns, signal);
}

void Plan::read_from(float* input) {
    if (input == input_) return;
    Transposition* seam = dynamic_cast<Transposition*>(steps_.front().get());
    ETUDE_ASSERT(seam != nullptr, "a plan that does not begin with a seam cannot move its input");
    seam->read_from(input);
    input_ = input;
}

void Plan::forward(std::uint64_t update) {
    for (const auto& step : steps_) step->forward(update);
}

void Plan::backward() {
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) (*step)->backward();
}

void Plan::copy_outputs(float* to) const {
    const View& y = outputs_.values;
    kernels_->transpose(y.data, y.stride, y.features, y.samples, to, y.features);
}

void Plan::describe(std::vector<std::string>& lines) const {
    for (const auto& step : steps_) step->describe(lines);
}

std::size_t chunk_of(const ModelSpec& layers, const InputShape& input, std::size_t samples) {
    constexpr std::size_t columns_piece = 128, image_piece = 64;  // 50 hidden units: 25 KB; 32 channels of 32x32: 8 MB
    InputShape shape = input;
    for (const Component& layer : layers) {
        const LayerType& type = *layer_type(layer.name);
        if (!type.is_identity(layer, Pass::evaluation)) {
            if (is_image(shape)) return std::min(samples, image_piece);
            const std::size_t piece = std::min(samples, columns_piece);
            return type.layouts(layer, shape, piece, Layout::rows).src == Layout::columns ? piece : samples;
        }
        shape = type.output(layer, shape);
    }
    return samples;
}

}  // namespace etude
