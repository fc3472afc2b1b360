#include "layers/chain.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "base/error.hpp"
#include "layers/lane_run.hpp"
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

/// The layers with each relu in the pass of a neighbour that takes it: one pass over memory less. A convolution before max_pool leaves its relu to
/// it, since the largest of what was cut off at 0 is the largest cut off at 0.
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

/// The first of `links` that our own kernels do together, as many as make a run; none where oneDNN or the layer itself does the first.
std::vector<LaneStep> lane_run(std::span<const Link> links, InputShape shape, const Kernels& kernels) {
    std::vector<LaneStep> run;
    if (kernels.images == nullptr) return run;
    for (const Link& link : links) {
        const LayerType& type = require_layer_type(link.layer.name);
        const std::optional<LaneStep> step = type.lane_step(link.layer, shape, link.relu_behind);
        if (!step || !(run.empty() ? begins_run(*step) : continues_run(*step))) break;
        run.push_back(*step);
        shape = type.output(link.layer, shape);
    }
    return run;
}

/// Of layers that are bound as one.
struct Needs {
    InputShape out;
    std::vector<Trainable> tensors;
    std::size_t state = 0;
};
Needs needs_of(std::span<const Link> links, const InputShape& in) {
    Needs needs{in, {}};
    for (const auto& [layer, place, relu_behind] : links) {
        const LayerType& type = require_layer_type(layer.name);
        std::ranges::move(type.trainables(layer, needs.out), std::back_inserter(needs.tensors));
        needs.state += type.state(layer, needs.out);
        needs.out = type.output(layer, needs.out);
    }
    return needs;
}
/// "0.conv2d", or "0.conv2d..3.max_pool".
std::string name_of(std::span<const Link> links) {
    const auto name = [](const Link& link) { return std::to_string(link.place) + "." + link.layer.name; };
    return links.size() == 1 ? name(links.front()) : name(links.front()) + ".." + name(links.back());
}

}  // namespace

Chain::Chain(Pass pass, std::shared_ptr<Workspace> workspace, ListPlace list)
    : pass_(pass), workspace_(workspace ? std::move(workspace) : std::make_shared<Workspace>()), list_(list) {}

float* Chain::lent(std::size_t floats) { return workspace_->lend(list_.slot(std::exchange(odd_, !odd_)), floats); }

Signal Chain::make_signal(std::size_t samples, const InputShape& shape, Layout layout, bool has_diff) {
    Signal signal{shaped(samples, shape, layout), shaped(samples, shape, layout)};
    signal.values.data = pass_ == Pass::training ? buffers_.emplace_back(signal.values.floats()).data() : lent(signal.values.floats());
    if (has_diff) signal.diff.data = lent(signal.diff.floats());
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
    const std::vector<Link> links = links_of(layers);
    for (std::span<const Link> rest = links; !rest.empty();) {
        const Component& layer = rest.front().layer;
        const LayerType& type = require_layer_type(layer.name);
        const InputShape in = signal.values.shape;
        if (type.is_identity(layer, pass_)) {
            signal = reshaped(signal, type.output(layer, in), *ground.kernels);
            rest = rest.subspan(1);
            continue;
        }
        if (steps_.empty() && prefix.empty() && pass_ == Pass::evaluation && is_image(in)) signal = copied(signal, *ground.kernels);
        const std::vector<LaneStep> run = lane_run(rest, in, *ground.kernels);
        const std::span<const Link> bound = rest.first(std::max<std::size_t>(run.size(), 1));
        const std::size_t samples = signal.values.samples;
        const Layouts layouts = run.empty() ? type.layouts(layer, in, samples, signal.values.layout) : Layouts{Layout::rows, Layout::rows};
        signal = bring_to(layouts.src, signal, *ground.kernels);
        const Needs needs = needs_of(bound, in);
        const bool has_diff = pass_ == Pass::training && (signal.diff || !needs.tensors.empty());
        const Signal next = make_signal(samples, needs.out, layouts.dst, has_diff);
        const Binding binding{prefix + name_of(bound), place + bound.front().place, ground.seed, pass_, signal.values, next.values, next.diff,
                              signal.diff, ground.parameters, ground.kernels, bound.front().relu_behind, workspace_, list_};
        steps_.push_back(run.empty() ? type.bind(layer, binding) : bind_lane_run(run, binding));
        ground.parameters = ground.parameters.behind(needs.tensors, needs.state);
        signal = next;
        rest = rest.subspan(bound.size());
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
