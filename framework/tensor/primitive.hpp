// framework/tensor/primitive.hpp - private to tensor/: oneDNN's types, primitives ready to run, and everything that differs between oneDNN 2.x
// (a desc, then a primitive_desc) and 3.x (a primitive_desc at once). No other file includes oneDNN's header.
#pragma once
#include <cstddef>
#include <dnnl.hpp>
#include <string>
#include <vector>

#include "base/aligned.hpp"
#include "base/error.hpp"
#include "tensor/dnnl.hpp"
#include "tensor/shape.hpp"

namespace etude::onednn {

using Desc = dnnl::memory::desc;
using Dims = dnnl::memory::dims;
using Tag = dnnl::memory::format_tag;
inline constexpr auto f32 = dnnl::memory::data_type::f32;

template <class... Sizes> Dims dims(Sizes... sizes) { return {static_cast<dnnl_dim_t>(sizes)...}; }

/// The operation of a convolution as oneDNN counts: a dilation of 0 is none.
struct ConvolutionOperation {
    dnnl::algorithm algorithm;
    Dims strides, dilates, padding_begin, padding_end;
};

/// Winograd's method (Lavin & Gray 2016; tiles of 4 x 4) where oneDNN has it and expects it to be faster: 3 x 3, stride 1, enough images. That is up
/// to 1.7 times as fast, with errors of 6e-7 of the result instead of 2e-7, but slower for few channels, of which oneDNN expects too much.
dnnl::algorithm convolution_algorithm(std::size_t in, std::size_t out);

// ---- what differs between oneDNN 2.x and 3.x --------------------------------------------------------------------------------------

#if DNNL_VERSION_MAJOR >= 3
inline void append_eltwise(dnnl::post_ops& ops, dnnl::algorithm algorithm, float alpha, float beta) { ops.append_eltwise(algorithm, alpha, beta); }

inline dnnl::matmul::primitive_desc matmul_desc(const dnnl::engine& engine, const Desc& src, const Desc& weights, const Desc& bias, const Desc& dst,
                                                const dnnl::primitive_attr& attr) {
    return bias.get_ndims() > 0 ? dnnl::matmul::primitive_desc(engine, src, weights, bias, dst, attr)
                                : dnnl::matmul::primitive_desc(engine, src, weights, dst, attr);
}
inline auto convolution_forward(const dnnl::engine& engine, dnnl::prop_kind kind, const ConvolutionOperation& op, const Desc& src,
                                const Desc& weights, const Desc& bias, const Desc& dst, const dnnl::primitive_attr& attr) {
    return dnnl::convolution_forward::primitive_desc(engine, kind, op.algorithm, src, weights, bias, dst, op.strides, op.dilates, op.padding_begin,
                                                     op.padding_end, attr);
}
inline auto convolution_backward_data(const dnnl::engine& engine, const ConvolutionOperation& op, const Desc& diff_src, const Desc& weights,
                                      const Desc& diff_dst, const dnnl::convolution_forward::primitive_desc& forward,
                                      const dnnl::primitive_attr& attr) {
    return dnnl::convolution_backward_data::primitive_desc(engine, op.algorithm, diff_src, weights, diff_dst, op.strides, op.dilates,
                                                           op.padding_begin, op.padding_end, forward, attr);
}
inline auto convolution_backward_weights(const dnnl::engine& engine, const ConvolutionOperation& op, const Desc& src, const Desc& diff_weights,
                                         const Desc& diff_bias, const Desc& diff_dst, const dnnl::convolution_forward::primitive_desc& forward,
                                         const dnnl::primitive_attr& attr) {
    return dnnl::convolution_backward_weights::primitive_desc(engine, op.algorithm, src, diff_weights, diff_bias, diff_dst, op.strides, op.dilates,
                                                              op.padding_begin, op.padding_end, forward, attr);
}
#else
inline void append_eltwise(dnnl::post_ops& ops, dnnl::algorithm algorithm, float alpha, float beta) {
    ops.append_eltwise(1.0f, algorithm, alpha, beta);
}

inline dnnl::matmul::primitive_desc matmul_desc(const dnnl::engine& engine, const Desc& src, const Desc& weights, const Desc& bias, const Desc& dst,
                                                const dnnl::primitive_attr& attr) {
    const auto operation = bias.is_zero() ? dnnl::matmul::desc(src, weights, dst) : dnnl::matmul::desc(src, weights, bias, dst);
    return {operation, attr, engine};
}
inline auto convolution_forward(const dnnl::engine& engine, dnnl::prop_kind kind, const ConvolutionOperation& op, const Desc& src,
                                const Desc& weights, const Desc& bias, const Desc& dst, const dnnl::primitive_attr& attr) {
    const dnnl::convolution_forward::desc operation(kind, op.algorithm, src, weights, bias, dst, op.strides, op.dilates, op.padding_begin,
                                                    op.padding_end);
    return dnnl::convolution_forward::primitive_desc(operation, attr, engine);
}
inline auto convolution_backward_data(const dnnl::engine& engine, const ConvolutionOperation& op, const Desc& diff_src, const Desc& weights,
                                      const Desc& diff_dst, const dnnl::convolution_forward::primitive_desc& forward,
                                      const dnnl::primitive_attr& attr) {
    const dnnl::convolution_backward_data::desc operation(op.algorithm, diff_src, weights, diff_dst, op.strides, op.dilates, op.padding_begin,
                                                          op.padding_end);
    return dnnl::convolution_backward_data::primitive_desc(operation, attr, engine, forward);
}
inline auto convolution_backward_weights(const dnnl::engine& engine, const ConvolutionOperation& op, const Desc& src, const Desc& diff_weights,
                                         const Desc& diff_bias, const Desc& diff_dst, const dnnl::convolution_forward::primitive_desc& forward,
                                         const dnnl::primitive_attr& attr) {
    const dnnl::convolution_backward_weights::desc operation(op.algorithm, src, diff_weights, diff_bias, diff_dst, op.strides, op.dilates,
                                                             op.padding_begin, op.padding_end);
    return dnnl::convolution_backward_weights::primitive_desc(operation, attr, engine, forward);
}
#endif

// ---- end of what differs ----------------------------------------------------------------------------------------------------------

/// Engine and stream of the primitives of one layer: cheap, and never shared between threads. It outlives what is made with it: descriptions and
/// primitives point at their engine.
struct Device {
    dnnl::engine engine{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream{engine};
    Device() = default;
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
};

/// Whose memory a primitive works in: `own` lies beside the primitive; `shared` is one for all primitives of a thread, kept by oneDNN.
enum class Scratchpad { own, shared };
/// What a primitive is made with; `fused` is applied to the result.
dnnl::primitive_attr attributes(Scratchpad scratchpad, Fused fused = Fused::none, float slope = 0);

/// A primitive ready to run. The C entry is called with a ready list; the C++ one would build it anew at each call.
struct Prepared {
    explicit Prepared(const Device& d) : device(&d) {}

    const Device* device;
    dnnl::primitive primitive;
    std::vector<dnnl::memory> memories;  // keep the arguments' handles alive
    std::vector<dnnl_exec_arg_t> arguments;
    AlignedBuffer<float> scratchpad;
    std::string kernel;

    void add(int argument, const Desc& desc, void* data) {
        memories.emplace_back(desc, device->engine, data);
        arguments.push_back({argument, memories.back().get()});
    }
    /// Nothing where it is shared.
    void add_scratchpad(const Desc& desc) {
        if (desc.get_size() == 0) return;
        scratchpad = AlignedBuffer<float>(desc.get_size() / sizeof(float) + 1);
        add(DNNL_ARG_SCRATCHPAD, desc, scratchpad.data());
    }
    void execute() {
        const dnnl_status_t status =
            dnnl_primitive_execute(primitive.get(), device->stream.get(), static_cast<int>(arguments.size()), arguments.data());
        ETUDE_ASSERT(status == dnnl_success, "oneDNN could not execute " + kernel);
    }
};

/// Numbers as a primitive wants them.
struct Operand {
    Desc desc;
    void* data = nullptr;
};
struct Argument {
    int name;  ///< DNNL_ARG_SRC
    Operand operand;
};

/// Primitives that run one after another, and the memory between them.
class Sequence {
  public:
    explicit Sequence(const Device& device) : device_(device) {}
    /// Memory for what `desc` says.
    Operand make(const Desc& desc);
    /// `from` in the format of `to`: itself where it is that already, else what a reorder that is appended will write.
    Operand brought_to(const Desc& to, const Operand& from);
    /// Appends a reorder from `from` to `to`, unless they are one.
    void copy(const Operand& from, const Operand& to);
    template <class PrimitiveDesc> void append(const PrimitiveDesc& desc, const std::vector<Argument>& arguments) {
        append(dnnl::primitive(desc.get()), desc.impl_info_str(), desc.scratchpad_desc(), arguments);
    }
    void execute() {
        for (Prepared& step : steps_) step.execute();
    }
    /// The name of the kernel of the last primitive.
    const std::string& kernel() const { return steps_.back().kernel; }

  private:
    void append(dnnl::primitive primitive, const char* kernel, const Desc& scratchpad, const std::vector<Argument>& arguments);

    const Device& device_;
    std::vector<Prepared> steps_;
    std::vector<AlignedBuffer<float>> buffers_;
};

/// The description of images in memory, and of images whose format oneDNN is to choose.
Desc desc_of(const View& view);
Desc any_format(std::size_t samples, const InputShape& shape);
/// The layout that `desc` is; Layout::rows where it is none of ours (a reorder then stands between).
Layout layout_of(const Desc& desc, std::size_t samples, const InputShape& shape);

}  // namespace etude::onednn
