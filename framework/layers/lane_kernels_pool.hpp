// framework/layers/lane_kernels_pool.hpp - pools with 16 images in the lanes, and blocks of images from rows and back.
#pragma once
#include <algorithm>
#include <limits>

#include "layers/lane_kernels.hpp"
#include "layers/lane_kernels_tiles.hpp"

namespace etude::ETUDE_ISA_NAMESPACE {

/// What of a window lies inside the image, along one axis.
struct Reach {
    std::size_t first, end;
    Reach(std::size_t place, std::size_t stride, std::size_t pad, std::size_t kernel, std::size_t size)
        : first(std::max(place * stride, pad) - pad), end(std::min(place * stride + kernel - pad, size)) {}
    std::size_t size() const { return end - first; }
};

/// use(window, down, across) for each window in order: its place in the output, and its reach.
template <class Use> ETUDE_LANES_INLINE void each_window(const PoolSizes& s, Use&& use) {
    for (std::size_t h = 0; h < s.out_height; ++h) {
        const Reach down(h, s.stride_height, s.pad_top, s.kernel_height, s.in_height);
        for (std::size_t w = 0; w < s.out_width; ++w)
            use((h * s.out_width + w) * lanes, down, Reach(w, s.stride_width, s.pad_left, s.kernel_width, s.in_width));
    }
}

/// use(offset) for each pixel of a window; `Square` > 0: a window of Square x Square pixels.
template <std::size_t Square, class Use>
ETUDE_LANES_INLINE void each_pixel(const PoolSizes& s, const Reach& down, const Reach& across, Use&& use) {
    const std::size_t row = s.in_width * lanes;
    if constexpr (Square > 0) {
        const std::size_t corner = down.first * row + across.first * lanes;
        ETUDE_UNROLL for (std::size_t h = 0; h < Square; ++h)
            ETUDE_UNROLL for (std::size_t w = 0; w < Square; ++w) use(corner + h * row + w * lanes);
    } else {
        for (std::size_t h = down.first; h < down.end; ++h)
            for (std::size_t w = across.first; w < across.end; ++w) use(h * row + w * lanes);
    }
}

/// use.operator()<Square>() with the windows' size if it is a usual one and no window is cut by a border.
template <class Use> inline void with_square(const PoolSizes& s, Use&& use) {
    const bool whole = s.pad_top == 0 && s.pad_left == 0 && (s.out_height - 1) * s.stride_height + s.kernel_height <= s.in_height &&
                       (s.out_width - 1) * s.stride_width + s.kernel_width <= s.in_width && s.kernel_height == s.kernel_width;
    if (whole && s.kernel_height == 2) return use.template operator()<2>();
    if (whole && s.kernel_height == 3) return use.template operator()<3>();
    use.template operator()<0>();
}

/// Whether every pixel lies in exactly one window.
inline bool windows_tile(const PoolSizes& s) {
    return s.stride_height == s.kernel_height && s.stride_width == s.kernel_width && s.pad_top == 0 && s.pad_left == 0 &&
           s.out_height * s.stride_height == s.in_height && s.out_width * s.stride_width == s.in_width;
}

inline void max_pool_forward(const PoolSizes& s, const float* src, float* dst) {
    const std::size_t plane = s.in_height * s.in_width * lanes, dst_plane = s.out_height * s.out_width * lanes;
    with_square(s, [&]<std::size_t Square>() {
        for (std::size_t c = 0; c < s.channels; ++c, src += plane, dst += dst_plane)
            each_window(s, [&](std::size_t window, const Reach& down, const Reach& across) ETUDE_LANES_LAMBDA {
                F16 most = all(-std::numeric_limits<float>::infinity());
                each_pixel<Square>(s, down, across, [&](std::size_t at) ETUDE_LANES_LAMBDA {
                    const F16 x = load(src + at);
                    most = select(x > most, x, select(x == x, most, x));
                });
                store(dst + window, most);
            });
    });
}

/// Tiling windows write each pixel once; others add to zeros.
template <std::size_t Square, bool Tiling>
inline void max_pool_backward(const PoolSizes& s, const float* src, const float* dst, const float* diff_dst, float* diff_src, float* relu_sums) {
    const std::size_t plane = s.in_height * s.in_width * lanes, dst_plane = s.out_height * s.out_width * lanes;
    const F16 zero = all(0.0f);
    for (std::size_t c = 0; c < s.channels; ++c, src += plane, diff_src += plane, dst += dst_plane, diff_dst += dst_plane) {
        F16 sum = zero;
        each_window(s, [&](std::size_t window, const Reach& down, const Reach& across) ETUDE_LANES_LAMBDA {
            const F16 most = load(dst + window);
            F16 rest = load(diff_dst + window);
            if (relu_sums != nullptr) {
                rest = select(most > zero, rest, zero);
                sum = sum + rest;
            }
            each_pixel<Square>(s, down, across, [&](std::size_t at) ETUDE_LANES_LAMBDA {
                const I16 hit = load(src + at) == most;
                const F16 here = select(hit, rest, zero);
                rest = select(hit, zero, rest);
                store(diff_src + at, Tiling ? here : load(diff_src + at) + here);
            });
        });
        if (relu_sums != nullptr) store(relu_sums + c * lanes, load(relu_sums + c * lanes) + sum);
    }
}

inline void max_pool_backward(const PoolSizes& s, const float* src, const float* dst, const float* diff_dst, float* diff_src, float* relu_sums) {
    const bool tiling = windows_tile(s);
    if (!tiling) std::fill_n(diff_src, s.in_floats(), 0.0f);
    with_square(s, [&]<std::size_t Square>() {
        if (tiling) max_pool_backward<Square, true>(s, src, dst, diff_dst, diff_src, relu_sums);
        else max_pool_backward<Square, false>(s, src, dst, diff_dst, diff_src, relu_sums);
    });
}

ETUDE_LANES_INLINE F16 share(const PoolSizes& s, Divisor divisor, const Reach& down, const Reach& across) {
    const std::size_t pixels = divisor == Divisor::kernel ? s.kernel_height * s.kernel_width : down.size() * across.size();
    return all(1.0f / static_cast<float>(pixels));
}

inline void avg_pool_forward(const PoolSizes& s, Divisor divisor, const float* src, float* dst) {
    const std::size_t plane = s.in_height * s.in_width * lanes, dst_plane = s.out_height * s.out_width * lanes;
    with_square(s, [&]<std::size_t Square>() {
        for (std::size_t c = 0; c < s.channels; ++c, src += plane, dst += dst_plane)
            each_window(s, [&](std::size_t window, const Reach& down, const Reach& across) ETUDE_LANES_LAMBDA {
                F16 sum = all(0.0f);
                each_pixel<Square>(s, down, across, [&](std::size_t at) ETUDE_LANES_LAMBDA { sum = sum + load(src + at); });
                store(dst + window, sum * share(s, divisor, down, across));
            });
    });
}

inline void avg_pool_backward(const PoolSizes& s, Divisor divisor, const float* diff_dst, float* diff_src) {
    const std::size_t plane = s.in_height * s.in_width * lanes, dst_plane = s.out_height * s.out_width * lanes;
    const bool tiling = windows_tile(s);
    if (!tiling) std::fill_n(diff_src, s.in_floats(), 0.0f);
    with_square(s, [&]<std::size_t Square>() {
        for (std::size_t c = 0; c < s.channels; ++c, diff_src += plane, diff_dst += dst_plane)
            each_window(s, [&](std::size_t window, const Reach& down, const Reach& across) ETUDE_LANES_LAMBDA {
                const F16 d = load(diff_dst + window) * share(s, divisor, down, across);
                each_pixel<Square>(s, down, across,
                                   [&](std::size_t at) ETUDE_LANES_LAMBDA { store(diff_src + at, tiling ? d : load(diff_src + at) + d); });
            });
    });
}

// ---- blocks from rows and back, in pieces of 4 images x 4 features --------------------------------------------------------------------

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
