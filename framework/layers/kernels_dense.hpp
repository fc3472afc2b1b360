// framework/layers/kernels_dense.hpp - the three products of a dense layer with the samples in the lanes.
//
// A block of outputs by a block of vectors stays in registers; weights are broadcast from where they lie. Gradients of weights are sums over
// the lanes, made sixteen at a time by transposing additions. The order of additions for one result does not depend on the register
// block, so the block may differ from one instruction set to the next and the bits do not.
#pragma once
#include "layers/kernels.hpp"
#include "tensor/lanes.hpp"

namespace etude::ETUDE_ISA_NAMESPACE {

// Sums that fit beside their operands: 32 registers of 16 floats with AVX-512, 16 of 8 with AVX2, 16 of 4 below.
inline constexpr std::size_t tile_features = native_lanes == 4 ? 2 : 4;
inline constexpr std::size_t tile_blocks = native_lanes == 16 ? 4 : 1;

/// Tile of dst [features, samples]: start(f) + sum over k of weight(f, k) * src[k].
template <std::size_t Features, std::size_t Blocks, class Start, class Weight, class Finish>
ETUDE_LANES_INLINE void product_tile(std::size_t terms, const float* src, float* dst, std::size_t stride, Start&& start, Weight&& weight,
                                     Finish&& finish) {
    F16 sum[Features][Blocks];
#pragma GCC unroll 8
    for (std::size_t f = 0; f < Features; ++f)
#pragma GCC unroll 8
        for (std::size_t b = 0; b < Blocks; ++b) sum[f][b] = all(start(f));
    for (std::size_t k = 0; k < terms; ++k) {
        F16 x[Blocks];
#pragma GCC unroll 8
        for (std::size_t b = 0; b < Blocks; ++b) x[b] = load(src + k * stride + b * lanes);
#pragma GCC unroll 8
        for (std::size_t f = 0; f < Features; ++f) {
            const F16 w = all(weight(f, k));
#pragma GCC unroll 8
            for (std::size_t b = 0; b < Blocks; ++b) sum[f][b] = sum[f][b] + w * x[b];
        }
    }
#pragma GCC unroll 8
    for (std::size_t f = 0; f < Features; ++f)
#pragma GCC unroll 8
        for (std::size_t b = 0; b < Blocks; ++b) store(dst + f * stride + b * lanes, finish(sum[f][b]));
}

/// Covers features x blocks with tiles, as large as there are; `tile.template operator()<F, B>(first_feature, first_block)` does one.
template <std::size_t Features, std::size_t Blocks, class Tile>
ETUDE_LANES_INLINE void cover_features(std::size_t feature, std::size_t features, std::size_t block, Tile&& tile) {
    for (; feature + Features <= features; feature += Features) tile.template operator()<Features, Blocks>(feature, block);
    if constexpr (Features > 1) cover_features<Features - 1, Blocks>(feature, features, block, tile);
}
template <std::size_t Blocks, class Tile>
ETUDE_LANES_INLINE void cover(std::size_t features, std::size_t block, std::size_t blocks, Tile&& tile) {
    for (; block + Blocks <= blocks; block += Blocks) cover_features<tile_features, Blocks>(0, features, block, tile);
    if constexpr (Blocks > 1) cover<Blocks / 2>(features, block, blocks, tile);
}

inline void dense_forward(const DenseSizes& sizes, const float* weights, const float* bias, const float* src, float* dst, bool relu) {
    const std::size_t stride = sizes.blocks * lanes, in = sizes.in;
    const F16 zero = all(0.0f);
    const auto run = [&](auto&& finish) ETUDE_LANES_LAMBDA {
        cover<tile_blocks>(sizes.out, 0, sizes.blocks, [&]<std::size_t F, std::size_t B>(std::size_t o, std::size_t b) ETUDE_LANES_LAMBDA {
            product_tile<F, B>(
                in, src + b * lanes, dst + o * stride + b * lanes, stride, [&](std::size_t f) { return bias == nullptr ? 0.0f : bias[o + f]; },
                [&](std::size_t f, std::size_t i) { return weights[(o + f) * in + i]; }, finish);
        });
    };
    if (relu) run([&](const F16& y) { return select(y < zero, zero, y); });
    else run([](const F16& y) { return y; });
}

inline void dense_backward_data(const DenseSizes& sizes, const float* weights, const float* diff_dst, float* diff_src) {
    const std::size_t stride = sizes.blocks * lanes, in = sizes.in;
    cover<tile_blocks>(in, 0, sizes.blocks, [&]<std::size_t F, std::size_t B>(std::size_t i, std::size_t b) ETUDE_LANES_LAMBDA {
        product_tile<F, B>(
            sizes.out, diff_dst + b * lanes, diff_src + i * stride + b * lanes, stride, [](std::size_t) { return 0.0f; },
            [&](std::size_t f, std::size_t o) { return weights[o * in + i + f]; }, [](const F16& y) { return y; });
    });
}

/// The number of vectors of a batch, known while compiling for the sizes that are usual in training.
template <std::size_t Known> struct Blocks {
    std::size_t given;
    ETUDE_LANES_INLINE std::size_t count() const { return Known > 0 ? Known : given; }
    ETUDE_LANES_INLINE std::size_t stride() const { return count() * lanes; }
};

/// Lane j: sum over the samples of a[j] * b, for j < count; `a` is [count, samples], `b` is [samples].
template <std::size_t Known> ETUDE_LANES_INLINE F16 dots(const float* a, const float* b, std::size_t count, Blocks<Known> blocks) {
    return sums_over_lanes(
        [&](std::size_t j) ETUDE_LANES_LAMBDA {
            const float* from = a + j * blocks.stride();
            F16 sum = load(from) * load(b);
            for (std::size_t k = 1; k < blocks.count(); ++k) sum = sum + load(from + k * lanes) * load(b + k * lanes);
            return sum;
        },
        count);
}

/// Lane j: sum over the samples of a[j].
template <std::size_t Known> ETUDE_LANES_INLINE F16 totals(const float* a, std::size_t count, Blocks<Known> blocks) {
    return sums_over_lanes(
        [&](std::size_t j) ETUDE_LANES_LAMBDA {
            const float* from = a + j * blocks.stride();
            F16 sum = load(from);
            for (std::size_t k = 1; k < blocks.count(); ++k) sum = sum + load(from + k * lanes);
            return sum;
        },
        count);
}

ETUDE_LANES_INLINE void store_some(float* to, std::size_t step, const F16& v, std::size_t count) {
    if (count == lanes && step == 1) return store_anywhere(to, v);
    alignas(64) float values[lanes];
    store(values, v);
    for (std::size_t j = 0; j < count; ++j) to[j * step] = values[j];
}

/// use(first, count) for every group of at most 16 of `n`; the count of whole groups is known while compiling.
template <class Use> ETUDE_LANES_INLINE void each_group(std::size_t n, Use&& use) {
    std::size_t first = 0;
    for (; first + lanes <= n; first += lanes) use(first, lanes);
    if (first < n) use(first, n - first);
}

template <std::size_t Known>
ETUDE_LANES_INLINE void backward_weights(const DenseSizes& sizes, const float* src, const float* diff_dst, float* diff_weights, float* diff_bias) {
    const Blocks<Known> blocks{sizes.blocks};
    const std::size_t stride = blocks.stride(), in = sizes.in, out = sizes.out;
    if (in >= out) {  // sixteen inputs of one output at a time
        for (std::size_t o = 0; o < out; ++o)
            each_group(in, [&](std::size_t i, std::size_t count) ETUDE_LANES_LAMBDA {
                store_some(diff_weights + o * in + i, 1, dots(src + i * stride, diff_dst + o * stride, count, blocks), count);
            });
    } else {  // sixteen outputs of one input
        for (std::size_t i = 0; i < in; ++i)
            each_group(out, [&](std::size_t o, std::size_t count) ETUDE_LANES_LAMBDA {
                store_some(diff_weights + o * in + i, in, dots(diff_dst + o * stride, src + i * stride, count, blocks), count);
            });
    }
    if (diff_bias == nullptr) return;
    each_group(out, [&](std::size_t o, std::size_t count) ETUDE_LANES_LAMBDA {
        store_some(diff_bias + o, 1, totals(diff_dst + o * stride, count, blocks), count);
    });
}

inline void dense_backward_weights(const DenseSizes& sizes, const float* src, const float* diff_dst, float* diff_weights, float* diff_bias) {
    switch (sizes.blocks) {
        case 1: return backward_weights<1>(sizes, src, diff_dst, diff_weights, diff_bias);
        case 2: return backward_weights<2>(sizes, src, diff_dst, diff_weights, diff_bias);
        default: return backward_weights<0>(sizes, src, diff_dst, diff_weights, diff_bias);
    }
}

}  // namespace etude::ETUDE_ISA_NAMESPACE
