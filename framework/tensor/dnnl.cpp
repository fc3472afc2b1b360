#include "tensor/dnnl.hpp"

#include "tensor/primitive.hpp"

namespace etude {

using namespace onednn;

namespace {

Desc describe(const Matrix& m) { return {dims(m.rows, m.columns), f32, dims(m.row_stride, m.column_stride)}; }

}  // namespace

std::string onednn_version() {
    const dnnl_version_t* version = dnnl_version();
    return std::to_string(version->major) + "." + std::to_string(version->minor) + "." + std::to_string(version->patch);
}

std::string onednn_isa() {
    switch (dnnl_get_effective_cpu_isa()) {
        case dnnl_cpu_isa_sse41: return "sse41";
        case dnnl_cpu_isa_avx: return "avx";
        case dnnl_cpu_isa_avx2: return "avx2";
        case dnnl_cpu_isa_avx2_vnni: return "avx2_vnni";
        case dnnl_cpu_isa_avx512_core: return "avx512_core";
        case dnnl_cpu_isa_avx512_core_vnni: return "avx512_core_vnni";
        case dnnl_cpu_isa_avx512_core_bf16: return "avx512_core_bf16";
        case dnnl_cpu_isa_avx512_core_amx: return "avx512_core_amx";
#if DNNL_VERSION_MAJOR >= 3
        case dnnl_cpu_isa_avx2_vnni_2: return "avx2_vnni_2";
        case dnnl_cpu_isa_avx512_core_fp16: return "avx512_core_fp16";
        case dnnl_cpu_isa_avx512_core_amx_fp16: return "avx512_core_amx_fp16";
#endif
        default: return "isa " + std::to_string(static_cast<int>(dnnl_get_effective_cpu_isa()));
    }
}

struct Matmul::Impl {
    Device device;
    Prepared prepared{device};
};

Matmul::Matmul(const Matrix& src, const Matrix& weights, const Matrix& dst) : Matmul(src, weights, dst, Options{}) {}

Matmul::Matmul(const Matrix& src, const Matrix& weights, const Matrix& dst, const Options& options) : impl_(std::make_unique<Impl>()) {
    Prepared& p = impl_->prepared;
    const dnnl::primitive_attr attr = attributes(Scratchpad::own, options.fused, options.slope);
    const auto bias = options.bias == nullptr
                          ? Desc()
                          : Desc(dims(1, dst.columns), f32, Tag::ab);
    try {
        const auto desc = matmul_desc(p.device->engine, describe(src), describe(weights), bias, describe(dst), attr);
        p.kernel = desc.impl_info_str();
        p.primitive = dnnl::primitive(desc.get());
        p.memories.reserve(5);  // arguments point at handles, not at these objects; no move is paid for
        p.add(DNNL_ARG_SRC, describe(src), src.data);
        p.add(DNNL_ARG_WEIGHTS, describe(weights), weights.data);
        if (options.bias != nullptr) p.add(DNNL_ARG_BIAS, bias, const_cast<float*>(options.bias));  // oneDNN's handles are never const
        p.add(DNNL_ARG_DST, describe(dst), dst.data);
        p.add_scratchpad(desc.scratchpad_desc());
    } catch (const dnnl::error& e) {
        detail::report_bug(__FILE__, __LINE__, "oneDNN refuses a product of " + std::to_string(src.rows) + "x" + std::to_string(src.columns) + "x" +
                                                   std::to_string(dst.columns) + ": " + e.what());
    }
}

Matmul::Matmul(Matmul&&) noexcept = default;
Matmul::~Matmul() = default;

void Matmul::execute() { impl_->prepared.execute(); }

std::string Matmul::kernel() const { return impl_->prepared.kernel; }

}  // namespace etude
