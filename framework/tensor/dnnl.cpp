#include "tensor/dnnl.hpp"

#include <dnnl.hpp>
#include <vector>

#include "base/aligned.hpp"
#include "base/error.hpp"

namespace etude {
namespace {

using Dims = dnnl::memory::dims;

Dims dims(std::size_t a, std::size_t b) { return {static_cast<dnnl_dim_t>(a), static_cast<dnnl_dim_t>(b)}; }

dnnl::memory::desc describe(const Matrix& m) {
    return {dims(m.rows, m.columns), dnnl::memory::data_type::f32, dims(m.row_stride, m.column_stride)};
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

// ---- what differs between oneDNN 2.x and 3.x --------------------------------------------------------------------------------------

#if DNNL_VERSION_MAJOR >= 3
void append_eltwise(dnnl::post_ops& ops, dnnl::algorithm algorithm, float alpha, float beta) { ops.append_eltwise(algorithm, alpha, beta); }

dnnl::matmul::primitive_desc matmul_desc(const dnnl::engine& engine, const dnnl::memory::desc& src, const dnnl::memory::desc& weights,
                                         const dnnl::memory::desc& bias, const dnnl::memory::desc& dst, const dnnl::primitive_attr& attr) {
    return bias.get_ndims() > 0 ? dnnl::matmul::primitive_desc(engine, src, weights, bias, dst, attr)
                                : dnnl::matmul::primitive_desc(engine, src, weights, dst, attr);
}
#else
void append_eltwise(dnnl::post_ops& ops, dnnl::algorithm algorithm, float alpha, float beta) { ops.append_eltwise(1.0f, algorithm, alpha, beta); }

dnnl::matmul::primitive_desc matmul_desc(const dnnl::engine& engine, const dnnl::memory::desc& src, const dnnl::memory::desc& weights,
                                         const dnnl::memory::desc& bias, const dnnl::memory::desc& dst, const dnnl::primitive_attr& attr) {
    const auto operation = bias.is_zero() ? dnnl::matmul::desc(src, weights, dst) : dnnl::matmul::desc(src, weights, bias, dst);
    return {operation, attr, engine};
}
#endif

// ---- end of what differs ----------------------------------------------------------------------------------------------------------

/// Engine and stream of one primitive: cheap, and never shared between threads.
struct Device {
    dnnl::engine engine{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream{engine};
};

/// A primitive ready to run. The C entry is called with a ready list; the C++ one would build it anew at each call.
struct Prepared {
    Device device;
    dnnl::primitive primitive;
    std::vector<dnnl::memory> memories;  // keep the arguments' handles alive
    std::vector<dnnl_exec_arg_t> arguments;
    AlignedBuffer<float> scratchpad;
    std::string kernel;

    void add(int argument, const dnnl::memory::desc& desc, void* data) {
        memories.emplace_back(desc, device.engine, data);
        arguments.push_back({argument, memories.back().get()});
    }
    void add_scratchpad(const dnnl::memory::desc& desc) {
        scratchpad = AlignedBuffer<float>(desc.get_size() / sizeof(float) + 1);
        add(DNNL_ARG_SCRATCHPAD, desc, scratchpad.data());
    }
    void execute() {
        const dnnl_status_t status =
            dnnl_primitive_execute(primitive.get(), device.stream.get(), static_cast<int>(arguments.size()), arguments.data());
        ETUDE_ASSERT(status == dnnl_success, "oneDNN could not execute " + kernel);
    }
};

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
    Prepared prepared;
};

Matmul::Matmul(const Matrix& src, const Matrix& weights, const Matrix& dst) : Matmul(src, weights, dst, Options{}) {}

Matmul::Matmul(const Matrix& src, const Matrix& weights, const Matrix& dst, const Options& options) : impl_(std::make_unique<Impl>()) {
    Prepared& p = impl_->prepared;
    dnnl::primitive_attr attr;
    attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    if (options.fused != Fused::none) {
        dnnl::post_ops ops;
        append_eltwise(ops, algorithm_of(options.fused), options.fused == Fused::softplus ? 1.0f : options.slope, 0.0f);
        attr.set_post_ops(ops);
    }
    const auto bias = options.bias == nullptr
                          ? dnnl::memory::desc()
                          : dnnl::memory::desc(dims(1, dst.columns), dnnl::memory::data_type::f32, dnnl::memory::format_tag::ab);
    try {
        const auto desc = matmul_desc(p.device.engine, describe(src), describe(weights), bias, describe(dst), attr);
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
