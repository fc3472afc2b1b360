// residual: y = f(body(x) + shortcut(x)), both of them lists of layers; an empty shortcut is x itself (He et al. 2016, eq. 1 and 2).
//
// The way back: the derivative by the sum goes into both; what they give for x is added. Layers may overwrite the derivatives that they are given, so
// the body gets its own, and so does a shortcut with layers. Buffers of images do not fit into the cache near the core: what passes over them goes
// in pieces that do.
#include "layers/residual.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/aligned.hpp"
#include "layers/chain.hpp"
#include "layers/keys.hpp"

namespace etude {
namespace {

constexpr std::array<const char*, 2> list_names = {"body", "shortcut"};
constexpr std::size_t piece = 2048;  // floats: three or four streams of them stay in the first-level cache

Kind residual_kind() {
    return {"residual",
            "Adds what the layers in `body` make of the input to what those in `shortcut` make of it (without them: to the input), "
            "then an activation.",
            "He et al. 2016, arXiv:1512.03385, eq. 1 and 2",
            {activation_key()},
            {list_names.begin(), list_names.end()}};
}

InputShape output_of(const std::vector<Component>& layers, InputShape shape) {
    for (const Component& layer : layers) shape = require_layer_type(layer.name).output(layer, shape);
    return shape;
}

/// Calls `use(type, layer, shape, list, i)` for every layer of both lists, in the order of their tensors.
template <class Use> void each_inner(const Component& residual, const InputShape& input, Use&& use) {
    for (const char* list : list_names) {
        InputShape shape = input;
        const auto& layers = residual.list(list);
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const LayerType& type = require_layer_type(layers[i].name);
            use(type, layers[i], shape, list, i);
            shape = type.output(layers[i], shape);
        }
    }
}

class BoundResidual final : public BoundLayer {
  public:
    BoundResidual(const Component& layer, const Binding& b)
        : b_(b),
          activation_(activation_of(layer.values.word("activation"))),
          body_chain_(b.pass, b.workspace, b.list.body()),
          shortcut_chain_(b.pass, b.workspace, b.list.shortcut()) {
        Ground ground{b.seed, b.kernels, b.parameters};
        const std::uint64_t inner = (b.place + 1) << 16;  // places of the layers inside: no list is longer
        const Signal input = shortcut_input(layer.list("shortcut").empty() && b.src.layout == b.dst.layout);
        body_ = finished(body_chain_, layer.list("body"), b.name + ".body.", inner, {b.src, b.diff_src}, ground);
        shortcut_ = layer.list("shortcut").empty()
                        ? shortcut_chain_.bring_to(b.dst.layout, input, *b.kernels)
                        : finished(shortcut_chain_, layer.list("shortcut"), b.name + ".shortcut.", inner + (1 << 15), input, ground);
        diff_input_ = input.diff;
        if (derives_from_argument(activation_) && b.pass == Pass::training) arguments_ = AlignedBuffer<float>(b.dst.floats());
    }

    void forward(std::uint64_t update) override {
        body_chain_.forward(update);
        shortcut_chain_.forward(update);
        float* sum = arguments_.size() > 0 ? arguments_.data() : b_.dst.data;
        in_pieces([&](std::size_t at, std::size_t floats) {
            b_.kernels->add(body_.values.data + at, shortcut_.values.data + at, sum + at, floats);
            if (activation_ != Activation::none) b_.kernels->activate(activation_, sum + at, b_.dst.data + at, floats);
        });
    }

    void backward() override {
        const float* kept = arguments_.size() > 0 ? arguments_.data() : b_.dst.data;
        float* diff = b_.diff_dst.data;
        in_pieces([&](std::size_t at, std::size_t floats) {
            b_.kernels->activate_backward(activation_, kept + at, diff + at, floats);
            for (const Signal* side : {&body_, &shortcut_})
                if (side->diff && side->diff.data != diff) std::memcpy(side->diff.data + at, diff + at, floats * sizeof(float));
        });
        body_chain_.backward();
        shortcut_chain_.backward();
        if (b_.diff_src) b_.kernels->add(b_.diff_src.data, diff_input_.data, b_.diff_src.data, b_.diff_src.floats());
    }

    void describe(std::vector<std::string>& lines) const override {
        body_chain_.describe(lines);
        shortcut_chain_.describe(lines);
    }

  private:
    /// The input, with a place for the derivatives of the shortcut: where it is x itself, they are those of the sum.
    Signal shortcut_input(bool itself) {
        Signal signal{b_.src, b_.src};
        signal.diff.data = nullptr;
        if (!b_.diff_src) return signal;
        signal.diff.data = itself ? b_.diff_dst.data : b_.workspace->lend(b_.list.shortcut_input().slot(false), b_.src.floats());
        return signal;
    }
    template <class Pass> void in_pieces(Pass&& pass) const {
        const std::size_t floats = b_.dst.floats();
        for (std::size_t at = 0; at < floats; at += piece) pass(at, std::min(piece, floats - at));
    }
    Signal finished(Chain& chain, const std::vector<Component>& layers, const std::string& prefix, std::uint64_t place, const Signal& input,
                    Ground& ground) const {
        return chain.bring_to(b_.dst.layout, chain.append(layers, prefix, place, input, ground), *b_.kernels);
    }

    Binding b_;
    Activation activation_;
    Chain body_chain_, shortcut_chain_;
    Signal body_, shortcut_;  // what they make, in the layout of dst
    View diff_input_;         // of the shortcut
    AlignedBuffer<float> arguments_;
};

class Residual final : public LayerType {
  public:
    Residual() : LayerType(residual_kind()) {}

    std::optional<Misfit> misfit(const Component& layer, const InputShape& input) const override {
        if (layer.list("body").empty()) return Misfit{"`residual` needs a `body`", "`body:` and, on lines of their own, its layers"};
        for (const char* list : list_names)
            if (auto inner = misfit_inside(layer, list, input)) return inner;
        const InputShape body = output_of(layer.list("body"), input), shortcut = output_of(layer.list("shortcut"), input);
        if (body == shortcut) return std::nullopt;
        return Misfit{"the body makes " + text_of(body) + ", the shortcut " + text_of(shortcut),
                      layer.list("shortcut").empty() ? "a `shortcut` with a convolution of kernel 1 brings the input to the body's shape"
                                                     : "both must have one shape"};
    }
    InputShape output(const Component& layer, const InputShape& input) const override { return output_of(layer.list("body"), input); }
    std::vector<Trainable> trainables(const Component& layer, const InputShape& input) const override {
        std::vector<Trainable> tensors;
        each_inner(layer, input, [&](const LayerType& type, const Component& inner, const InputShape& shape, const char* list, std::size_t i) {
            for (Trainable tensor : type.trainables(inner, shape)) {
                tensor.name = std::string(list) + "." + std::to_string(i) + "." + inner.name + "." + tensor.name;
                tensors.push_back(std::move(tensor));
            }
        });
        return tensors;
    }
    void initialise(const Component& layer, const InputShape& input, std::size_t index, Rng& rng, float* to) const override {
        std::size_t first = 0;
        each_inner(layer, input, [&](const LayerType& type, const Component& inner, const InputShape& shape, const char*, std::size_t) {
            const std::size_t count = type.trainables(inner, shape).size();
            if (index >= first && index < first + count) type.initialise(inner, shape, index - first, rng, to);
            first += count;
        });
    }
    std::size_t state(const Component& layer, const InputShape& input) const override {
        std::size_t count = 0;
        each_inner(layer, input, [&](const LayerType& type, const Component& inner, const InputShape& shape, const char*, std::size_t) {
            count += type.state(inner, shape);
        });
        return count;
    }
    void initialise_state(const Component& layer, const InputShape& input, float* to) const override {
        each_inner(layer, input, [&](const LayerType& type, const Component& inner, const InputShape& shape, const char*, std::size_t) {
            type.initialise_state(inner, shape, to);
            to += type.state(inner, shape);
        });
    }
    /// What the body wants and leaves; functions that do not keep 0 take channels that fill their blocks, or rows.
    Layouts layouts(const Component& layer, const InputShape& input, std::size_t samples, Layout before) const override {
        Layouts layouts = layouts_through(layer.list("body"), input, samples, before, Pass::training);
        const std::size_t channels = output(layer, input).channels;
        if (!keeps_zero(activation_of(layer.values.word("activation"))) && padded_channels(channels, layouts.dst) != channels)
            layouts.dst = Layout::rows;
        return layouts;
    }
    std::unique_ptr<BoundLayer> bind(const Component& layer, const Binding& b) const override { return std::make_unique<BoundResidual>(layer, b); }

  private:
    static std::optional<Misfit> misfit_inside(const Component& layer, const char* list, InputShape shape) {
        const auto& layers = layer.list(list);
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const LayerType& type = require_layer_type(layers[i].name);
            if (auto misfit = type.misfit(layers[i], shape)) {
                const std::vector<std::string> way = {"residual", list, std::to_string(i)};
                misfit->inside.insert(misfit->inside.begin(), way.begin(), way.end());
                return misfit;
            }
            shape = type.output(layers[i], shape);
        }
        return std::nullopt;
    }
};

}  // namespace

std::unique_ptr<LayerType> make_residual() { return std::make_unique<Residual>(); }

}  // namespace etude
