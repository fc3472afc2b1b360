#include "layers/chain.hpp"

#include <algorithm>
#include <optional>
#include <utility>

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

/// A layer as it is bound.
struct Link {
    Component layer;
    std::size_t place;  ///< in the list
    bool relu_behind = false;
};

/// The layers with each relu in the pass of a neighbour that takes it: one pass over memory less. A convolution before max_pool leaves its relu to it,
/// since the largest of what was cut off at 0 is the largest cut off at 0.
std::vector<Link> links_of(const std::vector<Component>& layers) {
    std::vector<Link> links;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        Link link{layers[i], i};
        const bool is_relu = link.layer.name == "relu";
        Link* before = links.empty() ? nullptr : &links.back();
        if (is_relu && before != nullptr && require_layer_type(before->layer.name).takes_relu(before->layer)) {
            before->relu_behind = true;
            continue;
        }
        if (link.layer.name == "max_pool" && before != nullptr) {
            if (before->layer.name == "conv2d" && before->layer.values.word("activation") == "relu") {
                before->layer.values.set("activation", std::string("none"));
                link.relu_behind = true;
            } else if (before->relu_behind)
                link.relu_behind = std::exchange(before->relu_behind, false);
        }
        links.push_back(std::move(link));
    }
    return links;
}

}  // namespace

Signal Chain::make_signal(std::size_t samples, const InputShape& shape, Layout layout, bool has_diff) {
    Signal signal{shaped(samples, shape, layout), shaped(samples, shape, layout)};
    signal.values.data = buffers_.emplace_back(signal.values.floats()).data();
    if (has_diff) signal.diff.data = buffers_.emplace_back(signal.diff.floats()).data();
    return signal;
}

Signal Chain::bring_to(Layout layout, const Signal& signal, const Kernels& kernels) {
    const Layout from = signal.values.layout;
    if (from == layout) return signal;
    const bool by_transposing = from == Layout::columns || layout == Layout::columns;
    if (by_transposing && from != Layout::rows && layout != Layout::rows) return bring_to(layout, bring_to(Layout::rows, signal, kernels), kernels);
    const Signal turned = make_signal(signal.values.samples, signal.values.shape, layout, static_cast<bool>(signal.diff));
    const Sides sides{signal.values, turned.values, signal.diff, turned.diff};
    if (by_transposing)
        steps_.push_back(std::make_unique<Transposition>(sides, kernels));
    else
        steps_.push_back(std::make_unique<Reordering>(sides));
    return turned;
}

/// Behind a copy, so that the input may move.
Signal Chain::copied(const Signal& signal, const Kernels& kernels) {
    const Signal copy = make_signal(signal.values.samples, signal.values.shape, Layout::rows, false);
    steps_.push_back(std::make_unique<Transposition>(Sides{signal.values, copy.values, {}, {}}, kernels));
    return copy;
}

/// The same numbers as another shape: an image is a vector only in Layout::rows or Layout::columns.
Signal Chain::reshaped(Signal signal, const InputShape& shape, const Kernels& kernels) {
    if (signal.values.shape == shape) return signal;
    if (signal.values.layout != Layout::columns) signal = bring_to(Layout::rows, signal, kernels);
    signal.values.shape = signal.diff.shape = shape;
    return signal;
}

Signal Chain::append(const std::vector<Component>& layers, const std::string& prefix, std::uint64_t place, Signal signal, Ground& ground) {
    for (const Link& link : links_of(layers)) {
        const Component& layer = link.layer;
        const std::size_t i = link.place;
        const LayerType& type = require_layer_type(layer.name);
        const InputShape in = signal.values.shape, out = type.output(layer, in);
        if (type.is_identity(layer, ground.pass)) {
            signal = reshaped(signal, out, *ground.kernels);
            continue;
        }
        if (steps_.empty() && prefix.empty() && ground.pass == Pass::evaluation && is_image(in)) signal = copied(signal, *ground.kernels);
        const std::size_t samples = signal.values.samples;
        const Layouts layouts = type.layouts(layer, in, samples, signal.values.layout);
        signal = bring_to(layouts.src, signal, *ground.kernels);
        const bool has_diff = ground.pass == Pass::training && (signal.diff || !type.trainables(layer, in).empty());
        const Signal next = make_signal(samples, out, layouts.dst, has_diff);
        steps_.push_back(type.bind(layer, {prefix + std::to_string(i) + "." + layer.name, place + i, ground.seed, ground.pass, signal.values, next.values,
                                           next.diff, signal.diff, ground.parameters, ground.kernels, link.relu_behind}));
        ground.parameters = ground.parameters.behind(type.trainables(layer, in), type.state(layer, in));
        signal = next;
    }
    return signal;
}

void Chain::read_from(float* data) {
    Transposition* seam = steps_.empty() ? nullptr : dynamic_cast<Transposition*>(steps_.front().get());
    ETUDE_ASSERT(seam != nullptr, "a network that does not begin with a seam cannot move its input");
    seam->read_from(data);
}

Layouts layouts_through(const std::vector<Component>& layers, InputShape shape, std::size_t samples, Layout before, Pass pass) {
    Layouts all{before, before};
    bool first = true;
    for (const Component& layer : layers) {
        const LayerType& type = require_layer_type(layer.name);
        const InputShape out = type.output(layer, shape);
        if (type.is_identity(layer, pass)) {
            if (out != shape && all.dst != Layout::columns) all.dst = Layout::rows;
        } else {
            const Layouts one = type.layouts(layer, shape, samples, all.dst);
            all = {first ? one.src : all.src, one.dst};
            first = false;
        }
        shape = out;
    }
    return all;
}

}  // namespace etude
