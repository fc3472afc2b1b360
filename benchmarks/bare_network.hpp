// benchmarks/bare_network.hpp - a CNN of nothing but oneDNN's primitives, as a plain loop would call them: forward in order, backward in the other,
// images in the blocked format from layer to layer, each layer with images and derivatives of its own. The same convolutions as the framework's.
//
// The framework has no primitives but for products and convolutions, so what differs between oneDNN 2.x and 3.x is said here once more.
#pragma once
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "stopwatch.hpp"
#include "tensor/primitive.hpp"

namespace etude::bench {

class BareNetwork {
  public:
    /// What flows between two layers.
    struct Images {
        dnnl::memory value, derivative;
        dnnl_dim_t channels = 0, side = 0;
    };

    /// Begins with images of data, whose derivative nobody needs.
    BareNetwork(dnnl_dim_t batch, dnnl_dim_t channels, dnnl_dim_t side) : batch_(batch) {
        now_ = {filled({{batch, channels, side, side}, onednn::f32, onednn::Tag::nchw}), {}, channels, side};
    }

    void convolution(dnnl_dim_t channels, dnnl_dim_t kernel, dnnl_dim_t stride, bool relu) {
        const Images from = now_;
        now_ = images(channels, from.side / stride);
        const dnnl_dim_t padding = kernel / 2;
        const auto algorithm = onednn::convolution_algorithm(static_cast<std::size_t>(from.channels), static_cast<std::size_t>(channels));
        const onednn::ConvolutionOperation operation{algorithm, {stride, stride}, {0, 0}, {padding, padding}, {padding, padding}};
        const Desc src = any(from.value.get_desc().dims()), dst = any(now_.value.get_desc().dims());
        const Desc weights = any({channels, from.channels, kernel, kernel}), bias({channels}, onednn::f32, onednn::Tag::a);
        const auto plain = onednn::attributes(onednn::Scratchpad::shared);
        const auto hint = onednn::convolution_forward(engine_, training_, operation, src, weights, bias, dst, plain);
        const auto forward = relu ? onednn::convolution_forward(engine_, training_, operation, src, weights, bias, dst, with_relu())
                                  : hint;
        ETUDE_ASSERT(forward.dst_desc() == now_.value.get_desc(), "the convolution wants another format");
        const dnnl::memory value = forward.src_desc() == from.value.get_desc() ? from.value : filled(forward.src_desc());
        add_forward(forward, {{DNNL_ARG_SRC, value}, {DNNL_ARG_WEIGHTS, filled(forward.weights_desc())}, {DNNL_ARG_BIAS, filled(bias)},
                              {DNNL_ARG_DST, now_.value}});
        if (from.derivative) {
            const auto back = onednn::convolution_backward_data(engine_, operation, src, weights, dst, hint, plain);
            ETUDE_ASSERT(back.diff_src_desc() == from.derivative.get_desc() && back.diff_dst_desc() == now_.derivative.get_desc(),
                         "the derivative wants another format");
            add_backward(back, {{DNNL_ARG_DIFF_DST, now_.derivative}, {DNNL_ARG_WEIGHTS, filled(back.weights_desc())},
                                {DNNL_ARG_DIFF_SRC, from.derivative}});
        }
        const auto gradient = onednn::convolution_backward_weights(engine_, operation, src, weights, bias, dst, hint, plain);
        add_backward(gradient, {{DNNL_ARG_SRC, gradient.src_desc() == value.get_desc() ? value : filled(gradient.src_desc())},
                                {DNNL_ARG_DIFF_DST, now_.derivative}, {DNNL_ARG_DIFF_WEIGHTS, filled(gradient.diff_weights_desc())},
                                {DNNL_ARG_DIFF_BIAS, filled(bias)}});
        if (relu) add_relu_backward(now_.derivative);
    }

    void batch_norm(bool relu) {
        using Flags = dnnl::normalization_flags;
        const Images from = now_;
        now_ = images(from.channels, from.side);
        const Flags flags = relu ? scaled_ | Flags::fuse_norm_relu : scaled_;
        const Desc image = from.value.get_desc();
#if DNNL_VERSION_MAJOR >= 3
        const dnnl::batch_normalization_forward::primitive_desc forward(engine_, training_, image, image, 1e-5f, flags);
        const dnnl::batch_normalization_backward::primitive_desc backward(engine_, dnnl::prop_kind::backward, image, image, image, 1e-5f, flags,
                                                                          forward);
        const auto scales = [&](Arguments& a, bool diff) {
            a[diff ? DNNL_ARG_DIFF_SCALE : DNNL_ARG_SCALE] = filled(forward.weights_desc());
            a[diff ? DNNL_ARG_DIFF_SHIFT : DNNL_ARG_SHIFT] = filled(forward.weights_desc());
        };
#else
        const dnnl::batch_normalization_forward::primitive_desc forward({training_, image, 1e-5f, flags}, engine_);
        const dnnl::batch_normalization_backward::primitive_desc backward({dnnl::prop_kind::backward, image, image, 1e-5f, flags}, engine_, forward);
        const auto scales = [&](Arguments& a, bool diff) {
            a[diff ? DNNL_ARG_DIFF_SCALE_SHIFT : DNNL_ARG_SCALE_SHIFT] = filled(forward.weights_desc());
        };
#endif
        Arguments there{{DNNL_ARG_SRC, from.value}, {DNNL_ARG_DST, now_.value}, {DNNL_ARG_MEAN, filled(forward.mean_desc())},
                        {DNNL_ARG_VARIANCE, filled(forward.variance_desc())}, {DNNL_ARG_WORKSPACE, filled(forward.workspace_desc())}};
        scales(there, false);
        Arguments back = there;
        back.erase(DNNL_ARG_DST);
        back[DNNL_ARG_DIFF_DST] = now_.derivative, back[DNNL_ARG_DIFF_SRC] = from.derivative;
        scales(back, true);
        add_forward(forward, there);
        add_backward(backward, back);
    }

    void max_pool() {
        const Images from = now_;
        now_ = images(from.channels, from.side / 2);
        const Desc image = from.value.get_desc(), half = now_.value.get_desc();
        const dnnl::memory::dims two{2, 2}, none{0, 0};
        const auto largest = dnnl::algorithm::pooling_max;
#if DNNL_VERSION_MAJOR >= 3
        const dnnl::pooling_forward::primitive_desc forward(engine_, training_, largest, image, half, two, two, none, none, none);
        const dnnl::pooling_backward::primitive_desc backward(engine_, largest, image, half, two, two, none, none, none, forward);
#else
        const dnnl::pooling_forward::primitive_desc forward({training_, largest, image, half, two, two, none, none}, engine_);
        const dnnl::pooling_backward::primitive_desc backward({largest, image, half, two, two, none, none}, engine_, forward);
#endif
        const dnnl::memory workspace = filled(forward.workspace_desc());
        add_forward(forward, {{DNNL_ARG_SRC, from.value}, {DNNL_ARG_DST, now_.value}, {DNNL_ARG_WORKSPACE, workspace}});
        add_backward(backward, {{DNNL_ARG_DIFF_DST, now_.derivative}, {DNNL_ARG_DIFF_SRC, from.derivative}, {DNNL_ARG_WORKSPACE, workspace}});
    }

    /// relu(body + shortcut) of two convolutions, each with a norm; the shortcut is the input itself, or projected by a convolution and a norm.
    void residual_block(dnnl_dim_t channels, dnnl_dim_t stride) {
        const Images input = now_;
        const bool is_projected = stride > 1;
        Images branch = input;
        if (is_projected) branch.derivative = filled(input.derivative.get_desc());
        const dnnl::memory joint = images(channels, input.side / stride).derivative;  // of body and shortcut
        const dnnl::memory other = is_projected ? branch.derivative : joint;
        add_backward(sum(input.derivative, false), {{DNNL_ARG_SRC_0, input.derivative}, {DNNL_ARG_SRC_1, other}, {DNNL_ARG_DST, input.derivative}});
        convolution(channels, 3, stride, false);
        batch_norm(true);
        convolution(channels, 3, 1, false);
        batch_norm_into(joint);
        const Images body = now_;
        now_ = branch;
        if (is_projected) {
            convolution(channels, 1, stride, false);
            batch_norm_into(joint);
        }
        const Images shortcut = now_;
        now_ = images(channels, input.side / stride);
        add_forward(sum(body.value, true), {{DNNL_ARG_SRC_0, body.value}, {DNNL_ARG_SRC_1, shortcut.value}, {DNNL_ARG_DST, now_.value}});
        add_relu_backward(joint);
    }

    double step_seconds() {
        return median_seconds([&] {
            run_forward();
            for (auto step = backward_.rbegin(); step != backward_.rend(); ++step) step->primitive.execute(stream_, step->arguments);
            stream_.wait();
        });
    }
    double forward_seconds() {
        return median_seconds([&] {
            run_forward();
            stream_.wait();
        });
    }

  private:
    using Desc = dnnl::memory::desc;
    using Arguments = std::unordered_map<int, dnnl::memory>;
    struct Step {
        dnnl::primitive primitive;
        Arguments arguments;
    };
#if DNNL_VERSION_MAJOR >= 3
    static constexpr auto scaled_ = dnnl::normalization_flags::use_scale | dnnl::normalization_flags::use_shift;
#else
    static constexpr auto scaled_ = dnnl::normalization_flags::use_scale_shift;
#endif
    static constexpr auto training_ = dnnl::prop_kind::forward_training;

    template <class PrimitiveDesc> void add_forward(const PrimitiveDesc& desc, const Arguments& arguments) {
        forward_.push_back({dnnl::primitive(desc.get()), arguments});
    }
    template <class PrimitiveDesc> void add_backward(const PrimitiveDesc& desc, const Arguments& arguments) {
        backward_.push_back({dnnl::primitive(desc.get()), arguments});
    }
    void run_forward() {
        for (const Step& step : forward_) step.primitive.execute(stream_, step.arguments);
    }

    static Desc any(const dnnl::memory::dims& dims) { return {dims, onednn::f32, onednn::Tag::any}; }
    Images images(dnnl_dim_t channels, dnnl_dim_t side) const {
        const Desc desc({batch_, channels, side, side}, onednn::f32, onednn::Tag::nChw16c);
        return {filled(desc), filled(desc), channels, side};
    }
    /// Floats from .5 to 1.
    dnnl::memory filled(const Desc& desc) const {
        dnnl::memory memory(desc, engine_);
        auto* bytes = static_cast<unsigned char*>(memory.get_data_handle());
        for (std::size_t i = 0; i < desc.get_size(); ++i) bytes[i] = i % 4 == 3 ? 0x3f : static_cast<unsigned char>(i % 97);
        return memory;
    }

    static dnnl::primitive_attr with_relu() {
        dnnl::post_ops ops;
        onednn::append_eltwise(ops, dnnl::algorithm::eltwise_relu, 0, 0);
        dnnl::primitive_attr attributes = onednn::attributes(onednn::Scratchpad::shared);
        attributes.set_post_ops(ops);
        return attributes;
    }
    dnnl::binary::primitive_desc sum(const dnnl::memory& of, bool relu) const {
        const Desc image = of.get_desc();
        const dnnl::primitive_attr attributes = relu ? with_relu() : onednn::attributes(onednn::Scratchpad::shared);
#if DNNL_VERSION_MAJOR >= 3
        return {engine_, dnnl::algorithm::binary_add, image, image, image, attributes};
#else
        return {{dnnl::algorithm::binary_add, image, image, image}, attributes, engine_};
#endif
    }
    /// From the derivative of what is now to `into`.
    void add_relu_backward(const dnnl::memory& into) {
        const auto relu = dnnl::algorithm::eltwise_relu_use_dst_for_bwd;
        const Desc image = now_.value.get_desc();
#if DNNL_VERSION_MAJOR >= 3
        const dnnl::eltwise_forward::primitive_desc forward(engine_, training_, relu, image, image, 0, 0);
        const dnnl::eltwise_backward::primitive_desc backward(engine_, relu, image, image, image, 0, 0, forward);
#else
        const dnnl::eltwise_forward::primitive_desc forward({training_, relu, image, 0, 0}, engine_);
        const dnnl::eltwise_backward::primitive_desc backward({relu, image, image, 0, 0}, engine_, forward);
#endif
        add_backward(backward, {{DNNL_ARG_DST, now_.value}, {DNNL_ARG_DIFF_DST, now_.derivative}, {DNNL_ARG_DIFF_SRC, into}});
    }
    /// A norm whose derivative comes from `joint`.
    void batch_norm_into(const dnnl::memory& joint) {
        batch_norm(false);
        now_.derivative = joint;
        backward_.back().arguments[DNNL_ARG_DIFF_DST] = joint;
    }

    dnnl_dim_t batch_;
    dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream_{engine_};
    Images now_;
    std::vector<Step> forward_, backward_;
};

}  // namespace etude::bench
