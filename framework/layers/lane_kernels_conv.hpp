// framework/layers/lane_kernels_conv.hpp - the three products of a convolution with 16 images in the lanes.
//
// Each keeps a tile of sums in registers, all of whose sizes are known while compiling; what is to be covered is cut evenly, so that no tile
// is a small remainder.
#pragma once
#include <algorithm>

#include "layers/lane_kernels.hpp"
#include "layers/lane_kernels_tiles.hpp"

namespace etude::ETUDE_ISA_NAMESPACE {

// ---- forward: Out channels x Columns pixels of one row ---------------------------------------------------------------------------------

inline constexpr std::size_t forward_most_channels = 6;
inline constexpr std::size_t forward_most_columns(std::size_t channels) { return std::min<std::size_t>(8, 24 / channels); }

/// `count` tiles one after another in a row; src at the first one's upper left tap.
template <std::size_t Out, std::size_t Columns>
ETUDE_LANES_TILE void forward_tiles(const ConvSizes& s, std::size_t count, const float* src, const float* packed, const float* bias, float* dst,
                                    bool relu) {
    const std::size_t row = s.padded_width() * lanes, plane = s.padded_height() * row, dst_plane = s.out_height * s.out_width * lanes;
    const F16 zero = all(0.0f);
    for (std::size_t tile = 0; tile < count; ++tile, src += Columns * lanes, dst += Columns * lanes) {
        F16 sum[Out][Columns];
        ETUDE_UNROLL for (std::size_t o = 0; o < Out; ++o) {
            const F16 start = all(bias == nullptr ? 0.0f : bias[o]);
            ETUDE_UNROLL for (std::size_t c = 0; c < Columns; ++c) sum[o][c] = start;
        }
        const float* w = packed;
        for (std::size_t i = 0; i < s.in_channels; ++i)
            for (std::size_t kh = 0; kh < s.kernel_height; ++kh) {
                const float* from = src + i * plane + kh * row;
                for (std::size_t kw = 0; kw < s.kernel_width; ++kw, from += lanes, w += Out) {
                    F16 x[Columns];
                    ETUDE_UNROLL for (std::size_t c = 0; c < Columns; ++c) x[c] = load_to_register(from + c * lanes);
                    ETUDE_UNROLL for (std::size_t o = 0; o < Out; ++o) {
                        const F16 weight = all(w[o]);
                        ETUDE_UNROLL for (std::size_t c = 0; c < Columns; ++c) sum[o][c] = multiply_add(weight, x[c], sum[o][c]);
                    }
                }
            }
        ETUDE_UNROLL for (std::size_t o = 0; o < Out; ++o)
            ETUDE_UNROLL for (std::size_t c = 0; c < Columns; ++c) {
                const F16 y = sum[o][c];
                store(dst + o * dst_plane + c * lanes, relu ? select(y < zero, zero, y) : y);
            }
    }
}

inline void conv_forward(const ConvSizes& s, const float* src, const float* packed, const float* bias, float* dst, bool relu) {
    const std::size_t row = s.padded_width() * lanes, dst_row = s.out_width * lanes, dst_plane = s.out_height * dst_row;
    const Parts groups(s.out_channels, forward_most_channels);
    for (std::size_t oh = 0; oh < s.out_height; ++oh)
        for (std::size_t g = 0; g < groups.count; ++g) {
            const std::size_t o = groups.first(g);
            with_number<forward_most_channels>(groups.size(g), [&]<std::size_t Out>() {
                const Parts tiles(s.out_width, forward_most_columns(Out));
                each_run(tiles, [&](std::size_t column, std::size_t columns, std::size_t count) {
                    with_number<forward_most_columns(Out)>(columns, [&]<std::size_t Columns>() {
                        forward_tiles<Out, Columns>(s, count, src + oh * row + column * lanes, packed + o * s.taps(),
                                                    bias == nullptr ? nullptr : bias + o, dst + o * dst_plane + oh * dst_row + column * lanes, relu);
                    });
                });
            });
        }
}

inline void pack_weights(const ConvSizes& s, const float* weights, float* packed) {
    const Parts groups(s.out_channels, forward_most_channels);
    for (std::size_t g = 0; g < groups.count; ++g) {
        const float* from = weights + groups.first(g) * s.taps();
        for (std::size_t t = 0; t < s.taps(); ++t)
            for (std::size_t o = 0; o < groups.size(g); ++o) *packed++ = from[o * s.taps() + t];
    }
}

// ---- backward, data: a piece of one row of diff_src in registers, onto which the taps of Columns pixels of diff_dst are scattered ----------

inline constexpr std::size_t most_taps = 5;  // of a row of the kernel; wider ones go in parts
inline constexpr std::size_t scatter_most_columns = 16;

/// Where a tile of the scatter reads and adds.
struct Scatter {
    std::size_t channels, rows;                       ///< of diff_dst and the kernel that meet in this row
    const float *diff, *weights;                      ///< of the first of them
    std::size_t diff_plane, weights_step;             ///< floats to the next channel
    std::size_t diff_row, weights_row;                ///< floats back to the previous row of diff_dst, on to the next of the kernel
    float* to;                                        ///< row of diff_src, where the tile's first column is (maybe outside)
    std::size_t first, last;                          ///< columns of the tile that are inside: [first, last)
};

template <std::size_t Taps, std::size_t Columns> ETUDE_LANES_TILE void scatter_tile(const Scatter& s) {
    constexpr std::size_t width = Columns + Taps - 1;
    F16 sum[width];
    ETUDE_UNROLL for (std::size_t c = 0; c < width; ++c) sum[c] = c >= s.first && c < s.last ? load(s.to + c * lanes) : all(0.0f);
    for (std::size_t o = 0; o < s.channels; ++o) {
        const float *diff = s.diff + o * s.diff_plane, *weights = s.weights + o * s.weights_step;
        for (std::size_t r = 0; r < s.rows; ++r, diff -= s.diff_row, weights += s.weights_row) {
            F16 w[Taps];
            ETUDE_UNROLL for (std::size_t t = 0; t < Taps; ++t) w[t] = all(weights[t]);
            ETUDE_UNROLL for (std::size_t c = 0; c < Columns; ++c) {
                const F16 d = load_to_register(diff + c * lanes);
                ETUDE_UNROLL for (std::size_t t = 0; t < Taps; ++t) sum[c + t] = multiply_add(w[t], d, sum[c + t]);
            }
        }
    }
    ETUDE_UNROLL for (std::size_t c = 0; c < width; ++c)
        if (c >= s.first && c < s.last) store(s.to + c * lanes, sum[c]);
}

inline void conv_backward_data(const ConvSizes& s, const float* weights, const float* diff_dst, float* diff_src) {
    const std::size_t kernel = s.kernel_height * s.kernel_width, diff_row = s.out_width * lanes;
    const Parts parts(s.kernel_width, most_taps);
    std::fill_n(diff_src, s.in_floats(), 0.0f);
    for (std::size_t ih = 0; ih < s.in_height; ++ih) {
        const std::size_t bottom = ih + s.pad_top;  // row of diff_dst under the kernel's first row
        const std::size_t skipped = bottom < s.out_height ? 0 : bottom - s.out_height + 1, end = std::min(s.kernel_height, bottom + 1);
        if (skipped >= end) continue;
        for (std::size_t i = 0; i < s.in_channels; ++i)
            for (std::size_t p = 0; p < parts.count; ++p)
                with_number<most_taps>(parts.size(p), [&]<std::size_t Taps>() {
                    const Parts tiles(s.out_width, scatter_most_columns);
                    for (std::size_t t = 0; t < tiles.count; ++t) {
                        const std::size_t column = tiles.first(t) + parts.first(p), width = tiles.size(t) + Taps - 1;  // of the padded row
                        const std::size_t first = column < s.pad_left ? s.pad_left - column : 0;
                        const std::size_t inside = s.pad_left + s.in_width;
                        const Scatter scatter{s.out_channels, end - skipped,
                                              diff_dst + (bottom - skipped) * diff_row + tiles.first(t) * lanes,
                                              weights + i * kernel + skipped * s.kernel_width + parts.first(p),
                                              s.out_height * diff_row, s.taps(), diff_row, s.kernel_width,
                                              diff_src + (i * s.in_height + ih) * s.in_width * lanes + column * lanes - s.pad_left * lanes,
                                              first, column < inside ? std::min(width, inside - column) : 0};
                        with_number<scatter_most_columns>(tiles.size(t), [&]<std::size_t Columns>() { scatter_tile<Taps, Columns>(scatter); });
                    }
                });
    }
}

// ---- backward, weights: Out channels x Taps of a row of the kernel, over the pixels of a band of rows ---------------------------------

inline constexpr std::size_t weights_most_channels(std::size_t taps) { return std::min<std::size_t>(8, 30 / (taps + 1)); }
inline constexpr std::size_t band_pixels = 64;  // of each channel of the tile and of the source: in the innermost cache

template <std::size_t Out, std::size_t Taps>
ETUDE_LANES_TILE void weights_tile(const ConvSizes& s, std::size_t rows, const float* src, const float* diff, float* sums) {
    const std::size_t src_row = s.padded_width() * lanes, diff_plane = s.out_height * s.out_width * lanes, step = s.taps();
    F16 sum[Out][Taps];
    ETUDE_UNROLL for (std::size_t o = 0; o < Out; ++o)
        ETUDE_UNROLL for (std::size_t t = 0; t < Taps; ++t) sum[o][t] = load(sums + (o * step + t) * lanes);
    for (std::size_t r = 0; r < rows; ++r, src += src_row)
        for (std::size_t c = 0; c < s.out_width; ++c, diff += lanes) {
            F16 d[Out];
            ETUDE_UNROLL for (std::size_t o = 0; o < Out; ++o) d[o] = load_to_register(diff + o * diff_plane);
            ETUDE_UNROLL for (std::size_t t = 0; t < Taps; ++t) {
                const F16 x = load_to_register(src + (c + t) * lanes);
                ETUDE_UNROLL for (std::size_t o = 0; o < Out; ++o) sum[o][t] = multiply_add(d[o], x, sum[o][t]);
            }
        }
    ETUDE_UNROLL for (std::size_t o = 0; o < Out; ++o)
        ETUDE_UNROLL for (std::size_t t = 0; t < Taps; ++t) store(sums + (o * step + t) * lanes, sum[o][t]);
}

inline void conv_backward_weights(const ConvSizes& s, const float* src, const float* diff_dst, float* sums) {
    const std::size_t row = s.padded_width() * lanes, plane = s.padded_height() * row;
    const std::size_t diff_row = s.out_width * lanes, diff_plane = s.out_height * diff_row;
    const Parts bands(s.out_height, std::max<std::size_t>(1, band_pixels / s.out_width)), parts(s.kernel_width, most_taps);
    for (std::size_t b = 0; b < bands.count; ++b)
        for (std::size_t p = 0; p < parts.count; ++p)
            with_number<most_taps>(parts.size(p), [&]<std::size_t Taps>() {
                const Parts groups(s.out_channels, weights_most_channels(Taps));
                for (std::size_t g = 0; g < groups.count; ++g)
                    with_number<weights_most_channels(Taps)>(groups.size(g), [&]<std::size_t Out>() {
                        const std::size_t o = groups.first(g);
                        for (std::size_t i = 0; i < s.in_channels; ++i)
                            for (std::size_t kh = 0; kh < s.kernel_height; ++kh)
                                weights_tile<Out, Taps>(s, bands.size(b), src + i * plane + (bands.first(b) + kh) * row + parts.first(p) * lanes,
                                                        diff_dst + o * diff_plane + bands.first(b) * diff_row,
                                                        sums + (o * s.taps() + (i * s.kernel_height + kh) * s.kernel_width + parts.first(p)) * lanes);
                    });
            });
}

inline void conv_backward_bias(const float* diff, std::size_t channels, std::size_t pixels, float* sums) {
    for (std::size_t c = 0; c < channels; ++c) {
        F16 sum[2] = {load(sums + c * lanes), all(0.0f)};
        for (std::size_t i = 0; i < pixels; ++i, diff += lanes) sum[i % 2] = sum[i % 2] + load(diff);
        store(sums + c * lanes, sum[0] + sum[1]);
    }
}

inline void relu_backward_bias(const float* dst, float* diff, std::size_t channels, std::size_t pixels, float* sums) {
    const F16 zero = all(0.0f);
    for (std::size_t c = 0; c < channels; ++c) {
        F16 sum = load(sums + c * lanes);
        for (std::size_t i = 0; i < pixels; ++i, dst += lanes, diff += lanes) {
            const F16 d = select(load(dst) > zero, load(diff), zero);
            store(diff, d);
            sum = sum + d;
        }
        store(sums + c * lanes, sum);
    }
}

inline void add_lanes(const float* sums, std::size_t count, float* to) {
    for (std::size_t first = 0; first < count; first += lanes, sums += lanes * lanes) {
        const std::size_t some = std::min(lanes, count - first);
        const F16 totals = sums_over_lanes([&](std::size_t j) { return load(sums + j * lanes); }, some);
        if (some == lanes) {
            store_anywhere(to + first, totals);
            continue;
        }
        alignas(64) float values[lanes];
        store(values, totals);
        for (std::size_t j = 0; j < some; ++j) to[first + j] = values[j];
    }
}

inline void pad(const ConvSizes& s, const float* src, float* dst) {
    const std::size_t width = s.padded_width(), left = s.pad_left, right = width - left - s.in_width;
    for (std::size_t i = 0; i < s.in_channels; ++i) {
        std::fill_n(dst, s.pad_top * width * lanes, 0.0f);
        dst += s.pad_top * width * lanes;
        for (std::size_t h = 0; h < s.in_height; ++h, src += s.in_width * lanes) {
            std::fill_n(dst, left * lanes, 0.0f);
            std::copy_n(src, s.in_width * lanes, dst + left * lanes);
            std::fill_n(dst + (left + s.in_width) * lanes, right * lanes, 0.0f);
            dst += width * lanes;
        }
        const std::size_t below = (s.padded_height() - s.pad_top - s.in_height) * width * lanes;
        std::fill_n(dst, below, 0.0f);
        dst += below;
    }
}

}  // namespace etude::ETUDE_ISA_NAMESPACE
