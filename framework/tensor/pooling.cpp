#include "tensor/pooling.hpp"

#include "tensor/primitive.hpp"

namespace etude {

using namespace onednn;

namespace {

/// What must follow the last window's padding so that it is whole, or less where the image ends beyond it.
std::size_t padding_after(std::size_t in, std::size_t out, std::size_t window, const PoolingSizes& s) {
    const std::size_t end = (out - 1) * s.stride + window;
    return end > in + s.padding ? end - in - s.padding : 0;
}

PoolingOperation operation_of(Pooled pooled, const PoolingSizes& s, const InputShape& src, const InputShape& dst) {
    return {pooled == Pooled::largest ? dnnl::algorithm::pooling_max : dnnl::algorithm::pooling_avg_include_padding, dims(s.stride, s.stride),
            dims(s.height, s.width), dims(s.padding, s.padding),
            dims(padding_after(src.height, dst.height, s.height, s), padding_after(src.width, dst.width, s.width, s))};
}

}  // namespace

struct Pooling::Impl {
    Impl(Pooled pooled, const PoolingSizes& sizes, const View& src, const View& dst, const View& diff_dst, const View& diff_src) {
        const PoolingOperation operation = operation_of(pooled, sizes, src.shape, dst.shape);
        const bool trains = static_cast<bool>(diff_src);
        const auto desc = pooling_forward(device.engine, trains ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference, operation,
                                          desc_of(src), desc_of(dst), attributes());
        const Operand workspace = desc.workspace_desc().get_size() > 0 ? forward.make(desc.workspace_desc()) : Operand{};
        forward.append(desc, {{DNNL_ARG_SRC, {desc_of(src), src.data}}, {DNNL_ARG_DST, {desc_of(dst), dst.data}}, {DNNL_ARG_WORKSPACE, workspace}});
        names.push_back("forward: " + forward.kernel());
        if (!trains) return;
        const auto back = pooling_backward(device.engine, operation, desc_of(diff_src), desc_of(diff_dst), desc, attributes());
        backward.append(back, {{DNNL_ARG_DIFF_DST, {desc_of(diff_dst), diff_dst.data}},
                               {DNNL_ARG_DIFF_SRC, {desc_of(diff_src), diff_src.data}},
                               {DNNL_ARG_WORKSPACE, workspace}});
        names.push_back("backward: " + backward.kernel());
    }

    Device device;
    Sequence forward, backward;
    std::vector<std::string> names;
};

Pooling::Pooling(Pooled pooled, const PoolingSizes& sizes, const View& src, const View& dst, const View& diff_dst, const View& diff_src) try
    : impl_(std::make_unique<Impl>(pooled, sizes, src, dst, diff_dst, diff_src)) {
} catch (const dnnl::error& e) {
    detail::report_bug(__FILE__, __LINE__, std::string("oneDNN refuses a pooling: ") + e.what());
}
Pooling::Pooling(Pooling&&) noexcept = default;
Pooling::~Pooling() = default;

void Pooling::forward() { impl_->forward.execute(); }
void Pooling::backward() { impl_->backward.execute(); }
std::vector<std::string> Pooling::kernels() const { return impl_->names; }

}  // namespace etude
