// framework/layers/kernels_dense.hpp - the three products of a dense layer with the samples in the lanes.
//
// A block of outputs by a block of vectors stays in registers; weights are broadcast from where they lie. Gradients of weights are sums over
// the lanes, made sixteen at a time by transposing additions. The order of additions for one result does not depend on the register
// block, so the block may differ from one instruction set to the next and the bits do not.
#pragma once
#include "layers/kernels.hpp"
#include "tensor/lanes.hpp"

namespace etude::ETUDE_ISA_NAMESPACE {

// Accumulators that fit beside their operands: 32 registers of 16 floats with AVX-512, 16 of 8 with AVX2, 16 of 4 below.
inline constexpr std::size_t tile_features = native_lanes == 4 ? 2 : 4;
inline constexpr std::size_t tile_blocks = native_lanes == 16 ? 2 : 1;

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

/// Covers features x blocks with tiles; `tile.template operator()<F, B>(first_feature, first_block)` does one.
template <std::size_t Blocks, class Tile> ETUDE_LANES_INLINE void cover_features(std::size_t features, std::size_t block, Tile&& tile) {
    std::size_t f = 0;
    for (; f + tile_features <= features; f += tile_features) tile.template operator()<tile_features, Blocks>(f, block);
    for (; f < features; ++f) tile.template operator()<1, Blocks>(f, block);
}
template <class Tile> ETUDE_LANES_INLINE void cover(std::size_t features, std::size_t blocks, Tile&& tile) {
    std::size_t b = 0;
    for (; b + tile_blocks <= blocks; b += tile_blocks) cover_features<tile_blocks>(features, b, tile);
    for (; b < blocks; ++b) cover_features<1>(features, b, tile);
}

inline void dense_forward(const DenseSizes& sizes, const float* weights, const float* bias, const float* src, float* dst, bool relu) {
    const std::size_t stride = sizes.blocks * lanes, in = sizes.in;
    const F16 zero = all(0.0f);
    const auto run = [&](auto&& finish) __attribute__((always_inline)) {
        cover(sizes.out, sizes.blocks, [&]<std::size_t F, std::size_t B>(std::size_t o, std::size_t b) __attribute__((always_inline)) {
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
    cover(in, sizes.blocks, [&]<std::size_t F, std::size_t B>(std::size_t i, std::size_t b) __attribute__((always_inline)) {
        product_tile<F, B>(
            sizes.out, diff_dst + b * lanes, diff_src + i * stride + b * lanes, stride, [](std::size_t) { return 0.0f; },
            [&](std::size_t f, std::size_t o) { return weights[o * in + i + f]; }, [](const F16& y) { return y; });
    });
}

/// Lane j: sum over the samples of a[j] * b, for j < count; `a` is [count, samples], `b` is [samples].
template <std::size_t Blocks> ETUDE_LANES_INLINE F16 dots_of(const float* a, const float* b, std::size_t count) {
    F16 kept[Blocks];
#pragma GCC unroll 8
    for (std::size_t k = 0; k < Blocks; ++k) kept[k] = load(b + k * lanes);
    return sums_over_lanes(
        [&](std::size_t j) __attribute__((always_inline)) {
            const float* from = a + j * Blocks * lanes;
            F16 sum = load(from) * kept[0];
#pragma GCC unroll 8
            for (std::size_t k = 1; k < Blocks; ++k) sum = sum + load(from + k * lanes) * kept[k];
            return sum;
        },
        count);
}
ETUDE_LANES_INLINE F16 dots_of(const float* a, const float* b, std::size_t count, std::size_t blocks) {
    return sums_over_lanes(
        [&](std::size_t j) __attribute__((always_inline)) {
            const float* from = a + j * blocks * lanes;
            F16 sum = load(from) * load(b);
            for (std::size_t k = 1; k < blocks; ++k) sum = sum + load(from + k * lanes) * load(b + k * lanes);
            return sum;
        },
        count);
}
inline F16 dots(const float* a, const float* b, std::size_t count, std::size_t blocks) {
    switch (blocks) {
        case 1: return dots_of<1>(a, b, count);
        case 2: return dots_of<2>(a, b, count);
        default: return dots_of(a, b, count, blocks);
    }
}

ETUDE_LANES_INLINE void store_some(float* to, std::size_t step, const F16& v, std::size_t count) {
    if (count == lanes && step == 1) return store_anywhere(to, v);
    alignas(64) float values[lanes];
    store(values, v);
    for (std::size_t j = 0; j < count; ++j) to[j * step] = values[j];
}

inline std::size_t at_most_lanes(std::size_t n) { return n < lanes ? n : lanes; }

/// diff_bias[o] = sum over the samples of diff_dst[o].
inline void sum_columns(const DenseSizes& sizes, const float* diff_dst, float* diff_bias) {
    const std::size_t stride = sizes.blocks * lanes;
    for (std::size_t o = 0; o < sizes.out; o += lanes) {
        const std::size_t count = at_most_lanes(sizes.out - o);
        const F16 sums = sums_over_lanes(
            [&](std::size_t j) __attribute__((always_inline)) {
                const float* from = diff_dst + (o + j) * stride;
                F16 sum = load(from);
                for (std::size_t k = 1; k < sizes.blocks; ++k) sum = sum + load(from + k * lanes);
                return sum;
            },
            count);
        store_some(diff_bias + o, 1, sums, count);
    }
}

inline void dense_backward_weights(const DenseSizes& sizes, const float* src, const float* diff_dst, float* diff_weights, float* diff_bias) {
    const std::size_t stride = sizes.blocks * lanes, in = sizes.in, out = sizes.out;
    if (in >= out) {  // sixteen inputs of one output at a time
        for (std::size_t o = 0; o < out; ++o)
            for (std::size_t i = 0; i < in; i += lanes) {
                const std::size_t count = at_most_lanes(in - i);
                store_some(diff_weights + o * in + i, 1, dots(src + i * stride, diff_dst + o * stride, count, sizes.blocks), count);
            }
    } else {  // sixteen outputs of one input
        for (std::size_t o = 0; o < out; o += lanes)
            for (std::size_t i = 0; i < in; ++i) {
                const std::size_t count = at_most_lanes(out - o);
                store_some(diff_weights + o * in + i, in, dots(diff_dst + o * stride, src + i * stride, count, sizes.blocks), count);
            }
    }
    if (diff_bias != nullptr) sum_columns(sizes, diff_dst, diff_bias);
}

}  // namespace etude::ETUDE_ISA_NAMESPACE
