// framework/layers/lane_kernels_rows.hpp - blocks of images from rows and back, in pieces of 4 images x 4 features.
#pragma once
#include "layers/lane_kernels.hpp"
#include "layers/lane_kernels_tiles.hpp"

namespace etude::ETUDE_ISA_NAMESPACE {

using Quad = float __attribute__((vector_size(16)));

/// to[j][i] = from[i][j] for i, j < 4.
ETUDE_LANES_INLINE void transpose4(const float* from, std::size_t from_step, float* to, std::size_t to_step) {
    Quad a, b, c, d;
    std::memcpy(&a, from, sizeof a);
    std::memcpy(&b, from + from_step, sizeof b);
    std::memcpy(&c, from + 2 * from_step, sizeof c);
    std::memcpy(&d, from + 3 * from_step, sizeof d);
    const Quad ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    const Quad ab2 = __builtin_shufflevector(a, b, 2, 6, 3, 7), cd2 = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    const Quad out[4] = {__builtin_shufflevector(ab, cd, 0, 1, 4, 5), __builtin_shufflevector(ab, cd, 2, 3, 6, 7),
                         __builtin_shufflevector(ab2, cd2, 0, 1, 4, 5), __builtin_shufflevector(ab2, cd2, 2, 3, 6, 7)};
    ETUDE_UNROLL for (std::size_t j = 0; j < 4; ++j) std::memcpy(to + j * to_step, &out[j], sizeof(Quad));
}

inline void block_of_rows(const float* src, std::size_t stride, std::size_t images, std::size_t features, float* dst) {
    const std::size_t whole = features / 4 * 4;
    for (std::size_t i = 0; i + 4 <= images; i += 4) {
        for (std::size_t f = 0; f < whole; f += 4) transpose4(src + i * stride + f, stride, dst + f * lanes + i, lanes);
        for (std::size_t f = whole; f < features; ++f)
            for (std::size_t j = i; j < i + 4; ++j) dst[f * lanes + j] = src[j * stride + f];
    }
    for (std::size_t i = images / 4 * 4; i < lanes; ++i)
        for (std::size_t f = 0; f < features; ++f) dst[f * lanes + i] = i < images ? src[i * stride + f] : 0.0f;
}

inline void rows_of_block(const float* src, std::size_t stride, std::size_t images, std::size_t features, float* dst) {
    const std::size_t whole = features / 4 * 4;
    for (std::size_t i = 0; i + 4 <= images; i += 4) {
        for (std::size_t f = 0; f < whole; f += 4) transpose4(src + f * lanes + i, lanes, dst + i * stride + f, stride);
        for (std::size_t f = whole; f < features; ++f)
            for (std::size_t j = i; j < i + 4; ++j) dst[j * stride + f] = src[f * lanes + j];
    }
    for (std::size_t i = images / 4 * 4; i < images; ++i)
        for (std::size_t f = 0; f < features; ++f) dst[i * stride + f] = src[f * lanes + i];
}

}  // namespace etude::ETUDE_ISA_NAMESPACE
