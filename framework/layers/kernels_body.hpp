// framework/layers/kernels_body.hpp - the kernels of kernels.hpp, included by one file per instruction set (see tensor/lanes.hpp).
//
// Elementwise passes and the table. The dense products are in kernels_dense.hpp, the losses in kernels_loss.hpp; what images need is in
// kernels_images.hpp.
#pragma once
#include "layers/kernels.hpp"
#include "layers/kernels_dense.hpp"
#include "layers/kernels_images.hpp"
#include "layers/kernels_loss.hpp"
#include "tensor/lanes.hpp"
#include "tensor/lanes_math.hpp"

namespace etude::ETUDE_ISA_NAMESPACE {

inline constexpr float leaky_slope = 0.01f;

template <class F> ETUDE_LANES_INLINE void map(const float* src, float* dst, std::size_t floats, F&& f) {
    for (std::size_t i = 0; i < floats; i += lanes) store(dst + i, f(load(src + i)));
}

inline void activate(Activation activation, const float* src, float* dst, std::size_t floats) {
    const F16 zero = all(0.0f);
    switch (activation) {
        case Activation::none: return map(src, dst, floats, [](const F16& x) { return x; });
        case Activation::relu: return map(src, dst, floats, [&](const F16& x) { return select(x < zero, zero, x); });
        case Activation::leaky_relu: return map(src, dst, floats, [&](const F16& x) { return select(x < zero, x * all(leaky_slope), x); });
        case Activation::elu:
            return map(src, dst, floats, [&](const F16& x) { return select(x < zero, expm1_of_negative(select(x < zero, x, zero)), x); });
        case Activation::tanh: return map(src, dst, floats, [](const F16& x) { return tanh(x); });
        case Activation::sigmoid: return map(src, dst, floats, [](const F16& x) { return sigmoid(x); });
        case Activation::softplus: return map(src, dst, floats, [](const F16& x) { return softplus(x); });
        case Activation::swish: return map(src, dst, floats, [](const F16& x) { return x * sigmoid(x); });
        case Activation::gelu:
            return map(src, dst, floats, [&](const F16& x) {
                const F16 upper = upper_tail(magnitude(x)).upper;
                return x * select(x < zero, upper, all(1.0f) - upper);
            });
    }
}

/// diff *= slope(kept)
template <class F> ETUDE_LANES_INLINE void scale(const float* kept, float* diff, std::size_t floats, F&& slope) {
    for (std::size_t i = 0; i < floats; i += lanes) store(diff + i, load(diff + i) * slope(load(kept + i)));
}

inline void activate_backward(Activation activation, const float* kept, float* diff, std::size_t floats) {
    const F16 zero = all(0.0f), one = all(1.0f);
    switch (activation) {
        case Activation::none: return;
        case Activation::relu:
            for (std::size_t i = 0; i < floats; i += lanes) store(diff + i, select(load(kept + i) > zero, load(diff + i), zero));
            return;
        case Activation::leaky_relu: return scale(kept, diff, floats, [&](const F16& y) { return select(y > zero, one, all(leaky_slope)); });
        case Activation::elu: return scale(kept, diff, floats, [&](const F16& y) { return select(y > zero, one, y + one); });
        case Activation::tanh: return scale(kept, diff, floats, [&](const F16& y) { return one - y * y; });
        case Activation::sigmoid: return scale(kept, diff, floats, [&](const F16& y) { return y * (one - y); });
        case Activation::softplus: return scale(kept, diff, floats, [&](const F16& y) { return zero - expm1_of_negative(zero - y); });
        case Activation::swish:
            return scale(kept, diff, floats, [&](const F16& x) {
                const F16 s = sigmoid(x);
                return s + x * s * (one - s);
            });
        case Activation::gelu:
            return scale(kept, diff, floats, [&](const F16& x) {
                const NormalTail tail = upper_tail(magnitude(x));
                return select(x < zero, tail.upper, one - tail.upper) + x * tail.density;
            });
    }
}

inline void sum_rows(const float* src, std::size_t rows, std::size_t features, float* dst) {
    const std::size_t whole = features / lanes * lanes;
    for (std::size_t f = 0; f < whole; f += lanes) {
        F16 sum = all(0.0f);
        for (std::size_t r = 0; r < rows; ++r) sum = sum + load_anywhere(src + r * features + f);
        store_anywhere(dst + f, sum);
    }
    for (std::size_t f = whole; f < features; ++f) {
        float sum = 0;
        for (std::size_t r = 0; r < rows; ++r) sum += src[r * features + f];
        dst[f] = sum;
    }
}

inline void transpose(const float* src, std::size_t src_stride, std::size_t rows, std::size_t columns, float* dst, std::size_t dst_stride) {
    for (std::size_t c = 0; c < columns; ++c) {
        float* to = dst + c * dst_stride;
        for (std::size_t r = 0; r < rows; ++r) to[r] = src[r * src_stride + c];
        for (std::size_t r = rows; r < dst_stride; ++r) to[r] = 0;
    }
}

/// Philox2x32-10 (Salmon et al. 2011): the two halves of block i, under a key of 64 bits of which one half is in the counter.
inline void dropout_mask(std::uint64_t key, float rate, float keep, float* mask, std::size_t floats) {
    const std::size_t half = floats / 2;
    for (std::size_t i = 0; i < half; ++i) {
        std::uint32_t left = static_cast<std::uint32_t>(i), right = static_cast<std::uint32_t>(key >> 32), k = static_cast<std::uint32_t>(key);
        for (int round = 0; round < 10; ++round) {
            const std::uint64_t product = std::uint64_t{0xd256d193u} * left;
            left = static_cast<std::uint32_t>(product >> 32) ^ k ^ right;
            right = static_cast<std::uint32_t>(product);
            k += 0x9e3779b9u;
        }
        const auto uniform = [](std::uint32_t bits) { return static_cast<float>(static_cast<std::int32_t>(bits >> 8)) * 0x1p-24f; };
        mask[i] = uniform(left) < rate ? 0.0f : keep;
        mask[half + i] = uniform(right) < rate ? 0.0f : keep;
    }
}

inline void multiply(const float* a, const float* b, float* dst, std::size_t floats) {
    for (std::size_t i = 0; i < floats; i += lanes) store(dst + i, load(a + i) * load(b + i));
}

inline constexpr Kernels table(std::string_view name, const LaneKernels* images) {
    Kernels k{};
    k.name = name;
    k.activate = activate;
    k.activate_backward = activate_backward;
    k.dense_forward = dense_forward;
    k.dense_backward_data = dense_backward_data;
    k.dense_backward_weights = dense_backward_weights;
    k.sum_rows = sum_rows;
    k.transpose = transpose;
    k.dropout_mask = dropout_mask;
    k.multiply = multiply;
    k.add = add;
    k.channel_moments = channel_moments;
    k.channel_normalise = channel_normalise;
    k.channel_backward_sums = channel_backward_sums;
    k.channel_backward = channel_backward;
    k.max_pool_forward = max_pool_forward;
    k.max_pool_backward = max_pool_backward;
    k.avg_pool_forward = avg_pool_forward;
    k.avg_pool_backward = avg_pool_backward;
    k.sample_normalise = sample_normalise;
    k.sample_backward_weights = sample_backward_weights;
    k.sample_backward_data = sample_backward_data;
    k.softmax_cross_entropy = softmax_cross_entropy;
    k.binary_cross_entropy = binary_cross_entropy;
    k.mean_squared_error = mean_squared_error;
    k.huber = huber;
    k.images = images;
    return k;
}

}  // namespace etude::ETUDE_ISA_NAMESPACE
