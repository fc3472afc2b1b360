#include "tensor/primitive.hpp"

#include <array>

namespace etude::onednn {
namespace {

Dims image_dims(std::size_t samples, const InputShape& shape) { return dims(samples, shape.channels, shape.height, shape.width); }

Tag tag_of(Layout layout) {
    switch (layout) {
        case Layout::rows: return Tag::nchw;
        case Layout::blocked16: return Tag::nChw16c;
        case Layout::blocked8: return Tag::nChw8c;
        case Layout::channels_last: return Tag::nhwc;
        case Layout::columns: break;
    }
    detail::report_bug(__FILE__, __LINE__, "oneDNN has no images in Layout::columns");
}

dnnl::algorithm algorithm_of(Fused fused) {
    switch (fused) {
        case Fused::none: break;
        case Fused::leaky_relu: return dnnl::algorithm::eltwise_relu;
        case Fused::elu: return dnnl::algorithm::eltwise_elu;
        case Fused::tanh: return dnnl::algorithm::eltwise_tanh;
        case Fused::sigmoid: return dnnl::algorithm::eltwise_logistic;
        case Fused::softplus: return dnnl::algorithm::eltwise_soft_relu;
    }
    return dnnl::algorithm::undef;
}

}  // namespace

dnnl::algorithm convolution_algorithm(std::size_t in, std::size_t out) {
    constexpr std::size_t enough = 32;
    return in >= enough && out >= enough ? dnnl::algorithm::convolution_auto : dnnl::algorithm::convolution_direct;
}

dnnl::primitive_attr attributes(Scratchpad scratchpad, Fused fused, float slope) {
    dnnl::primitive_attr attr;
    attr.set_scratchpad_mode(scratchpad == Scratchpad::own ? dnnl::scratchpad_mode::user : dnnl::scratchpad_mode::library);
    if (fused != Fused::none) {
        dnnl::post_ops ops;
        append_eltwise(ops, algorithm_of(fused), fused == Fused::softplus ? 1.0f : slope, 0.0f);
        attr.set_post_ops(ops);
    }
    return attr;
}

Operand Sequence::make(const Desc& desc) {
    return {desc, buffers_.emplace_back(round_to_lanes(desc.get_size() / sizeof(float) + 1)).data()};
}

void Sequence::copy(const Operand& from, const Operand& to) {
    if (from.data == to.data) return;
    const dnnl::reorder::primitive_desc desc(device_.engine, from.desc, device_.engine, to.desc, attributes(Scratchpad::own));
    append(desc, {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
}

Operand Sequence::brought_to(const Desc& to, const Operand& from) {
    if (from.desc == to) return from;
    const Operand converted = make(to);
    copy(from, converted);
    return converted;
}

void Sequence::append(dnnl::primitive primitive, const char* kernel, const Desc& scratchpad, const std::vector<Argument>& arguments) {
    Prepared& step = steps_.emplace_back(device_);
    step.primitive = std::move(primitive);
    step.kernel = kernel;
    for (const auto& [name, operand] : arguments)
        if (operand.data != nullptr) step.add(name, operand.desc, operand.data);
    step.add_scratchpad(scratchpad);
}

Desc desc_of(const View& view) { return {image_dims(view.samples, view.shape), f32, tag_of(view.layout)}; }

Desc any_format(std::size_t samples, const InputShape& shape) { return {image_dims(samples, shape), f32, Tag::any}; }

Layout layout_of(const Desc& desc, std::size_t samples, const InputShape& shape) {
    for (const Layout layout : {Layout::rows, Layout::blocked16, Layout::blocked8, Layout::channels_last})
        if (desc == Desc(image_dims(samples, shape), f32, tag_of(layout))) return layout;
    return Layout::rows;
}

}  // namespace etude::onednn
