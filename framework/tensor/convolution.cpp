#include "tensor/convolution.hpp"

#include "tensor/primitive.hpp"

namespace etude {

using namespace onednn;

namespace {

ConvolutionOperation operation_of(const ConvolutionSizes& s) {
    return {convolution_algorithm(s.src.channels, s.dst.channels), dims(s.stride, s.stride), dims(s.dilation - 1, s.dilation - 1),
            dims(s.top, s.left), dims(s.bottom, s.right)};
}

Dims weight_dims(const ConvolutionSizes& s) {
    const std::size_t out = s.dst.channels, in = s.src.channels;
    return s.groups == 1 ? dims(out, in, s.kernel, s.kernel) : dims(s.groups, out / s.groups, in / s.groups, s.kernel, s.kernel);
}
Desc any_weights(const ConvolutionSizes& s) { return {weight_dims(s), f32, Tag::any}; }
Desc plain_weights(const ConvolutionSizes& s) { return {weight_dims(s), f32, s.groups == 1 ? Tag::oihw : Tag::goihw}; }
Desc bias_desc(const ConvolutionSizes& s, bool has_bias) { return has_bias ? Desc(dims(s.dst.channels), f32, Tag::a) : Desc(); }

/// What is transformed for Winograd's method takes 20 MB of scratchpad, which the convolutions of a network need one after another.
dnnl::primitive_attr convolution_attributes(Fused fused = Fused::none, float slope = 0) { return attributes(Scratchpad::shared, fused, slope); }

dnnl::convolution_forward::primitive_desc forward_desc(const dnnl::engine& engine, const ConvolutionSizes& s, bool has_bias,
                                                       const dnnl::primitive_attr& attr) {
    return convolution_forward(engine, dnnl::prop_kind::forward_training, operation_of(s),
                               any_format(s.samples, s.src), any_weights(s), bias_desc(s, has_bias), any_format(s.samples, s.dst), attr);
}

}  // namespace

Layouts layouts_of(const ConvolutionSizes& s) {
    const Device device;
    const auto desc = forward_desc(device.engine, s, true, convolution_attributes());
    return {layout_of(desc.src_desc(), s.samples, s.src), layout_of(desc.dst_desc(), s.samples, s.dst)};
}

struct Convolution::Impl {
    Impl(const ConvolutionSizes& s, const Buffers& b, Fused fused, float slope) : sizes(s), buffers(b) {
        const auto desc = forward_desc(device.engine, sizes, b.bias != nullptr, convolution_attributes(fused, slope));
        make_forward(desc);
        // The hint must be without post-ops: they are no part of what is derived.
        const auto hint = fused == Fused::none ? desc : forward_desc(device.engine, sizes, b.bias != nullptr, convolution_attributes());
        if (b.diff_weights != nullptr) make_backward_weights(hint);
        if (b.diff_src) make_backward_data(hint);
    }

    Operand weights() const { return {plain_weights(sizes), const_cast<float*>(buffers.weights)}; }  // oneDNN's handles are never const
    Operand bias(const float* data) const { return {bias_desc(sizes, data != nullptr), const_cast<float*>(data)}; }
    static Operand images(const View& view) { return {desc_of(view), view.data}; }

    void make_forward(const dnnl::convolution_forward::primitive_desc& desc) {
        const Operand src = forward.brought_to(desc.src_desc(), images(buffers.src));
        const Operand w = forward.brought_to(desc.weights_desc(), weights());
        const Operand dst = desc.dst_desc() == desc_of(buffers.dst) ? images(buffers.dst) : forward.make(desc.dst_desc());
        forward.append(desc, {{DNNL_ARG_SRC, src}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_BIAS, bias(buffers.bias)}, {DNNL_ARG_DST, dst}});
        names.push_back("forward: " + forward.kernel());
        forward.copy(dst, images(buffers.dst));
        src_forward = src;
    }
    void make_backward_weights(const dnnl::convolution_forward::primitive_desc& hint) {
        const auto desc = convolution_backward_weights(device.engine, operation_of(sizes), any_format(sizes.samples, sizes.src),
                                                       any_weights(sizes), bias_desc(sizes, buffers.diff_bias != nullptr),
                                                       any_format(sizes.samples, sizes.dst), hint, convolution_attributes());
        const Operand src = desc.src_desc() == src_forward.desc ? src_forward : backward.brought_to(desc.src_desc(), images(buffers.src));
        const Operand diff_dst = backward.brought_to(desc.diff_dst_desc(), images(buffers.diff_dst));
        const Operand plain{plain_weights(sizes), buffers.diff_weights};
        const Operand diff_weights = desc.diff_weights_desc() == plain.desc ? plain : backward.make(desc.diff_weights_desc());
        backward.append(desc, {{DNNL_ARG_SRC, src},
                               {DNNL_ARG_DIFF_DST, diff_dst},
                               {DNNL_ARG_DIFF_WEIGHTS, diff_weights},
                               {DNNL_ARG_DIFF_BIAS, bias(buffers.diff_bias)}});
        names.push_back("backward_weights: " + backward.kernel());
        backward.copy(diff_weights, plain);
        diff_dst_weights = diff_dst;
    }
    void make_backward_data(const dnnl::convolution_forward::primitive_desc& hint) {
        const auto desc = convolution_backward_data(device.engine, operation_of(sizes), any_format(sizes.samples, sizes.src), any_weights(sizes),
                                                    any_format(sizes.samples, sizes.dst), hint, convolution_attributes());
        const Operand diff_dst = desc.diff_dst_desc() == diff_dst_weights.desc
                                     ? diff_dst_weights
                                     : backward.brought_to(desc.diff_dst_desc(), images(buffers.diff_dst));
        const Operand w = backward.brought_to(desc.weights_desc(), weights());
        const Operand diff_src =
            desc.diff_src_desc() == desc_of(buffers.diff_src) ? images(buffers.diff_src) : backward.make(desc.diff_src_desc());
        backward.append(desc, {{DNNL_ARG_DIFF_DST, diff_dst}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_DIFF_SRC, diff_src}});
        names.push_back("backward_data: " + backward.kernel());
        backward.copy(diff_src, images(buffers.diff_src));
    }

    ConvolutionSizes sizes;
    Buffers buffers;
    Device device;
    Sequence forward{device}, backward{device};
    Operand src_forward, diff_dst_weights;  // as the forward pass and the gradients wanted them
    std::vector<std::string> names;
};

Convolution::Convolution(const ConvolutionSizes& sizes, const Buffers& buffers, Fused fused, float slope) try
    : impl_(std::make_unique<Impl>(sizes, buffers, fused, slope)) {
} catch (const dnnl::error& e) {
    detail::report_bug(__FILE__, __LINE__, std::string("oneDNN refuses a convolution: ") + e.what());
}
Convolution::Convolution(Convolution&&) noexcept = default;
Convolution::~Convolution() = default;

void Convolution::forward() { impl_->forward.execute(); }
void Convolution::backward() { impl_->backward.execute(); }
std::vector<std::string> Convolution::kernels() const { return impl_->names; }

}  // namespace etude
