// benchmarks/bare_layers.hpp - oneDNN's own primitives for what lies between the convolutions of a CNN, timed as a plain loop would call them.
//
// Images are in the blocked format that the convolutions leave. The framework has no such primitives, so what differs between oneDNN 2.x and 3.x
// is said here once more.
#pragma once
#include <dnnl.hpp>

#include <unordered_map>
#include <vector>

#include "stopwatch.hpp"

namespace etude::bench {

/// Each function gives the seconds of one update, forward and backward, of one layer.
class BareLayers {
  public:
    explicit BareLayers(dnnl_dim_t batch) : batch_(batch) {}

    double batch_norm(dnnl_dim_t channels, dnnl_dim_t side, bool relu) {
        using Flags = dnnl::normalization_flags;
        const Flags flags = relu ? scaled_ | Flags::fuse_norm_relu : scaled_;
        const Desc image = desc(channels, side);
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
        Arguments there{{DNNL_ARG_SRC, filled(image)}, {DNNL_ARG_DST, filled(image)}, {DNNL_ARG_MEAN, filled(forward.mean_desc())},
                        {DNNL_ARG_VARIANCE, filled(forward.variance_desc())}, {DNNL_ARG_WORKSPACE, filled(forward.workspace_desc())}};
        scales(there, false);
        Arguments back = there;
        back.erase(DNNL_ARG_DST);
        back[DNNL_ARG_DIFF_DST] = filled(image), back[DNNL_ARG_DIFF_SRC] = filled(image);
        scales(back, true);
        return seconds(dnnl::batch_normalization_forward(forward), there) + seconds(dnnl::batch_normalization_backward(backward), back);
    }

    /// The ReLU that a convolution has fused on its way forward, on the way back.
    double relu_backward(dnnl_dim_t channels, dnnl_dim_t side) {
        const Desc image = desc(channels, side);
        return seconds(dnnl::eltwise_backward(relu_back(image)),
                       {{DNNL_ARG_DST, filled(image)}, {DNNL_ARG_DIFF_DST, filled(image)}, {DNNL_ARG_DIFF_SRC, filled(image)}});
    }

    /// relu(a + b), and back into both.
    double residual_sum(dnnl_dim_t channels, dnnl_dim_t side) {
        const Desc image = desc(channels, side);
        dnnl::post_ops ops;
        dnnl::primitive_attr attributes;
#if DNNL_VERSION_MAJOR >= 3
        ops.append_eltwise(dnnl::algorithm::eltwise_relu, 0, 0);
        attributes.set_post_ops(ops);
        const dnnl::binary::primitive_desc sum(engine_, dnnl::algorithm::binary_add, image, image, image, attributes);
        const dnnl::binary::primitive_desc both(engine_, dnnl::algorithm::binary_add, image, image, image);
#else
        ops.append_eltwise(1, dnnl::algorithm::eltwise_relu, 0, 0);
        attributes.set_post_ops(ops);
        const dnnl::binary::primitive_desc sum({dnnl::algorithm::binary_add, image, image, image}, attributes, engine_);
        const dnnl::binary::primitive_desc both({dnnl::algorithm::binary_add, image, image, image}, engine_);
#endif
        const Arguments arguments{{DNNL_ARG_SRC_0, filled(image)}, {DNNL_ARG_SRC_1, filled(image)}, {DNNL_ARG_DST, filled(image)}};
        return seconds(dnnl::binary(sum), arguments) + seconds(dnnl::binary(both), arguments) + relu_backward(channels, side);
    }

    double max_pool(dnnl_dim_t channels, dnnl_dim_t side) {
        const Desc image = desc(channels, side), half = desc(channels, side / 2);
        const Dims two{2, 2}, none{0, 0};
        const auto largest = dnnl::algorithm::pooling_max;
#if DNNL_VERSION_MAJOR >= 3
        const dnnl::pooling_forward::primitive_desc forward(engine_, training_, largest, image, half, two, two, none, none, none);
        const dnnl::pooling_backward::primitive_desc backward(engine_, largest, image, half, two, two, none, none, none, forward);
#else
        const dnnl::pooling_forward::primitive_desc forward({training_, largest, image, half, two, two, none, none}, engine_);
        const dnnl::pooling_backward::primitive_desc backward({largest, image, half, two, two, none, none}, engine_, forward);
#endif
        const dnnl::memory workspace = filled(forward.workspace_desc());
        return seconds(dnnl::pooling_forward(forward),
                       {{DNNL_ARG_SRC, filled(image)}, {DNNL_ARG_DST, filled(half)}, {DNNL_ARG_WORKSPACE, workspace}}) +
               seconds(dnnl::pooling_backward(backward),
                       {{DNNL_ARG_DIFF_DST, filled(half)}, {DNNL_ARG_DIFF_SRC, filled(image)}, {DNNL_ARG_WORKSPACE, workspace}});
    }

  private:
    using Desc = dnnl::memory::desc;
    using Dims = dnnl::memory::dims;
    using Arguments = std::unordered_map<int, dnnl::memory>;
#if DNNL_VERSION_MAJOR >= 3
    static constexpr auto scaled_ = dnnl::normalization_flags::use_scale | dnnl::normalization_flags::use_shift;
#else
    static constexpr auto scaled_ = dnnl::normalization_flags::use_scale_shift;
#endif
    static constexpr auto training_ = dnnl::prop_kind::forward_training;

    Desc desc(dnnl_dim_t channels, dnnl_dim_t side) const {
        return {{batch_, channels, side, side}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::nChw16c};
    }
    dnnl::eltwise_backward::primitive_desc relu_back(const Desc& image) const {
        const auto relu = dnnl::algorithm::eltwise_relu_use_dst_for_bwd;
#if DNNL_VERSION_MAJOR >= 3
        const dnnl::eltwise_forward::primitive_desc forward(engine_, training_, relu, image, image, 0, 0);
        return {engine_, relu, image, image, image, 0, 0, forward};
#else
        const dnnl::eltwise_forward::primitive_desc forward({training_, relu, image, 0, 0}, engine_);
        return {{relu, image, image, 0, 0}, engine_, forward};
#endif
    }
    dnnl::memory filled(const Desc& desc) const {
        dnnl::memory memory(desc, engine_);
        auto* bytes = static_cast<unsigned char*>(memory.get_data_handle());
        for (std::size_t i = 0; i < desc.get_size(); ++i) bytes[i] = i % 4 == 3 ? 0x3f : static_cast<unsigned char>(i % 97);  // floats from .5 to 1
        return memory;
    }
    double seconds(const dnnl::primitive& primitive, const Arguments& arguments) {
        return median_seconds([&] {
            primitive.execute(stream_, arguments);
            stream_.wait();
        });
    }

    dnnl_dim_t batch_;
    dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream_{engine_};
};

}  // namespace etude::bench
