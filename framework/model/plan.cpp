#include "model/plan.hpp"

#include "base/error.hpp"

namespace etude {
namespace {

/// Between two layouts.
class Seam final : public BoundLayer {
  public:
    Seam(const View& src, const View& dst, const View& diff_src, const View& diff_dst, const Kernels& kernels)
        : src_(src), dst_(dst), diff_src_(diff_src), diff_dst_(diff_dst), kernels_(kernels) {}

    void read_from(float* data) { src_.data = data; }

    void forward(std::uint64_t) override { turn(src_, dst_); }
    void backward() override {
        if (diff_src_) turn(diff_dst_, diff_src_);
    }
    void describe(std::vector<std::string>&) const override {}

  private:
    void turn(const View& from, const View& to) {
        const bool by_rows = from.layout == Layout::rows;
        const std::size_t rows = by_rows ? from.samples : from.features, columns = by_rows ? from.features : from.samples;
        kernels_.transpose(from.data, from.stride, rows, columns, to.data, to.stride);
    }

    View src_, dst_, diff_src_, diff_dst_;
    const Kernels& kernels_;
};

}  // namespace

Plan::Plan(const Network& network, std::size_t samples, Pass pass)
    : samples_(samples), pass_(pass), kernels_(network.kernels), input_(network.input) {
    add_layers(network);
    loss_ = loss_type(network.loss.name)->bind(network.loss.values, {outputs_.values, outputs_.diff, kernels_});
}

Plan::Signal Plan::make_signal(std::size_t features, Layout layout, bool has_diff) {
    Signal signal{shaped(samples_, features, layout), shaped(samples_, features, layout)};
    signal.values.data = buffers_.emplace_back(signal.values.floats()).data();
    if (has_diff) signal.diff.data = buffers_.emplace_back(signal.diff.floats()).data();
    return signal;
}

Plan::Signal Plan::bring_to(Layout layout, const Signal& signal) {
    if (signal.values.layout == layout) return signal;
    const Signal turned = make_signal(signal.values.features, layout, static_cast<bool>(signal.diff));
    steps_.push_back(std::make_unique<Seam>(signal.values, turned.values, signal.diff, turned.diff, *kernels_));
    return turned;
}

void Plan::add_layers(const Network& network) {
    InputShape shape = network.input_shape;
    Signal signal{shaped(samples_, shape.size(), Layout::rows), shaped(samples_, shape.size(), Layout::rows)};
    signal.values.data = network.input;
    float *weights = network.weights, *gradients = network.gradients;
    bool has_weights = false;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const auto& [name, values] = network.layers[i];
        const LayerType& type = *layer_type(name);
        const InputShape out = type.output(values, shape);
        if (!type.is_identity(values, pass_)) {
            signal = bring_to(type.layout(values, shape, samples_, signal.values.layout), signal);
            const auto tensors = type.trainables(values, shape);
            has_weights = has_weights || !tensors.empty();
            const Signal next = make_signal(out.size(), signal.values.layout, pass_ == Pass::training && has_weights);
            steps_.push_back(type.bind(values, {std::to_string(i) + "." + name, i, network.seed, pass_, signal.values, next.values, next.diff,
                                                signal.diff, weights, gradients, kernels_}));
            for (const Trainable& t : tensors) weights += t.count(), gradients += t.count();
            signal = next;
        }
        shape = out;
    }
    outputs_ = bring_to(Layout::columns, signal);
}

void Plan::read_from(float* input) {
    if (input == input_) return;
    Seam* seam = dynamic_cast<Seam*>(steps_.front().get());
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
    constexpr std::size_t piece = 128;  // 50 hidden units: 25 KB
    if (samples <= piece) return samples;
    InputShape shape = input;
    for (const auto& [name, values] : layers) {
        const LayerType& type = *layer_type(name);
        if (!type.is_identity(values, Pass::evaluation)) return type.layout(values, shape, piece, Layout::rows) == Layout::columns ? piece : samples;
        shape = type.output(values, shape);
    }
    return samples;
}

}  // namespace etude
