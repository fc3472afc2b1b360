// framework/layers/kernels_images.hpp - normalisation and pooling of images in Layout::blocked16, the channels in the lanes.
//
// Sums over a batch are made of floats along one plane (four running sums, so that additions overlap) and of doubles from plane to plane.
#pragma once
#include "layers/kernels.hpp"
#include "tensor/lanes.hpp"

namespace etude::ETUDE_ISA_NAMESPACE {

/// The channels of one block, summed in double.
struct ChannelSums {
    double lane[lanes] = {};
    void add(const F16& v) {
        alignas(64) float floats[lanes];
        store(floats, v);
        for (std::size_t i = 0; i < lanes; ++i) lane[i] += static_cast<double>(floats[i]);
    }
};

/// Sums of term(pixel, sum 0), term(pixel, sum 1) over the pixels of one plane, added to `sums`.
template <class Term> ETUDE_LANES_INLINE void sum_plane(std::size_t pixels, ChannelSums (&sums)[2], Term&& term) {
    F16 first[4], second[4];
    for (std::size_t k = 0; k < 4; ++k) first[k] = second[k] = all(0.0f);
    std::size_t p = 0;
    for (; p + 4 <= pixels; p += 4)
#pragma GCC unroll 4
        for (std::size_t k = 0; k < 4; ++k) term(p + k, first[k], second[k]);
    for (; p < pixels; ++p) term(p, first[0], second[0]);
    sums[0].add((first[0] + first[1]) + (first[2] + first[3]));
    sums[1].add((second[0] + second[1]) + (second[2] + second[3]));
}

/// Moments about a value near the mean, that of the first plane: one pass over memory without the cancellation of sums of squares.
inline void channel_moments(const ChannelSizes& s, const float* src, float* mean, float* variance) {
    const double count = static_cast<double>(s.samples * s.pixels);
    for (std::size_t b = 0; b < s.blocks; ++b) {
        const auto plane = [&](std::size_t n) { return src + (n * s.blocks + b) * s.pixels * lanes; };
        F16 near = all(0.0f);
        for (std::size_t p = 0; p < s.pixels; ++p) near = near + load(plane(0) + p * lanes);
        near = near * all(1 / static_cast<float>(s.pixels));
        ChannelSums sums[2];
        for (std::size_t n = 0; n < s.samples; ++n)
            sum_plane(s.pixels, sums, [&, x = plane(n)](std::size_t p, F16& first, F16& second) ETUDE_LANES_LAMBDA {
                const F16 distance = load(x + p * lanes) - near;
                first = first + distance;
                second = second + distance * distance;
            });
        alignas(64) float origin[lanes];
        store(origin, near);
        for (std::size_t i = 0; i < lanes; ++i) {
            const double off = sums[0].lane[i] / count, spread = sums[1].lane[i] / count - off * off;
            mean[b * lanes + i] = static_cast<float>(static_cast<double>(origin[i]) + off);
            variance[b * lanes + i] = static_cast<float>(spread < 0 ? 0.0 : spread);
        }
    }
}

/// Calls `use(offset of the pixel's vector, first channel)` for every vector.
template <class Use> ETUDE_LANES_INLINE void each_plane(const ChannelSizes& s, Use&& use) {
    for (std::size_t n = 0; n < s.samples; ++n)
        for (std::size_t b = 0; b < s.blocks; ++b) use((n * s.blocks + b) * s.pixels * lanes, b * lanes);
}

inline void channel_normalise(const ChannelSizes& s, const float* src, const ChannelAffine& a, float* dst, bool relu) {
    const F16 zero = all(0.0f);
    each_plane(s, [&](std::size_t at, std::size_t c) ETUDE_LANES_LAMBDA {
        const F16 mean = load(a.mean + c), scale = load(a.scale + c), shift = load(a.shift + c);
        if (relu)
            for (std::size_t p = at; p < at + s.pixels * lanes; p += lanes) {
                const F16 y = (load(src + p) - mean) * scale + shift;
                store(dst + p, select(y < zero, zero, y));  // keeps NaN
            }
        else
            for (std::size_t p = at; p < at + s.pixels * lanes; p += lanes) store(dst + p, (load(src + p) - mean) * scale + shift);
    });
}

/// The derivative by the normalised number: 0 where relu cut it off.
ETUDE_LANES_INLINE F16 diff_behind_relu(const F16& diff, const F16& distance, const F16& scale, const F16& shift, bool relu) {
    return relu ? select(distance * scale + shift > all(0.0f), diff, all(0.0f)) : diff;
}

inline void channel_backward_sums(const ChannelSizes& s, const float* src, const float* diff_dst, const ChannelAffine& a, bool relu, float* sum,
                                  float* sum_of_products) {
    for (std::size_t b = 0; b < s.blocks; ++b) {
        const F16 mean = load(a.mean + b * lanes), scale = load(a.scale + b * lanes), shift = load(a.shift + b * lanes);
        ChannelSums sums[2];
        for (std::size_t n = 0; n < s.samples; ++n) {
            const std::size_t at = (n * s.blocks + b) * s.pixels * lanes;
            sum_plane(s.pixels, sums, [&, x = src + at, d = diff_dst + at](std::size_t p, F16& first, F16& second) ETUDE_LANES_LAMBDA {
                const F16 distance = load(x + p * lanes) - mean, diff = diff_behind_relu(load(d + p * lanes), distance, scale, shift, relu);
                first = first + diff;
                second = second + diff * distance;
            });
        }
        for (std::size_t i = 0; i < lanes; ++i) {
            sum[b * lanes + i] = static_cast<float>(sums[0].lane[i]);
            sum_of_products[b * lanes + i] = static_cast<float>(sums[1].lane[i]);
        }
    }
}

inline void channel_backward(const ChannelSizes& s, const float* src, const float* diff_dst, const ChannelAffine& a, bool relu, const float* slope,
                             const float* offset, float* diff_src) {
    each_plane(s, [&](std::size_t at, std::size_t c) ETUDE_LANES_LAMBDA {
        const F16 mean = load(a.mean + c), scale = load(a.scale + c), shift = load(a.shift + c), by_distance = load(slope + c),
                  constant = load(offset + c);
        for (std::size_t p = at; p < at + s.pixels * lanes; p += lanes) {
            const F16 distance = load(src + p) - mean, diff = diff_behind_relu(load(diff_dst + p), distance, scale, shift, relu);
            store(diff_src + p, diff * scale + (distance * by_distance + constant));
        }
    });
}

// ---- pooling -----------------------------------------------------------------------------------------------------------------------

/// The pixels of the image that one window covers on one side.
struct Covered {
    std::size_t begin, end;
};
ETUDE_LANES_INLINE Covered covered(std::size_t place, std::size_t window, std::size_t stride, std::size_t padding, std::size_t side) {
    const std::size_t begin = place * stride, end = begin + window;
    return {begin < padding ? 0 : begin - padding, end - padding < side ? end - padding : side};
}

/// Calls `use(window's output vector, rows, columns, plane)` for every window of every plane.
template <class Use> ETUDE_LANES_INLINE void each_window(const WindowSizes& s, Use&& use) {
    for (std::size_t plane = 0; plane < s.planes; ++plane)
        for (std::size_t y = 0; y < s.out_height; ++y) {
            const Covered rows = covered(y, s.window_height, s.stride, s.padding, s.height);
            for (std::size_t x = 0; x < s.out_width; ++x)
                use(((plane * s.out_height + y) * s.out_width + x) * lanes, rows, covered(x, s.window_width, s.stride, s.padding, s.width),
                    plane * s.height * s.width * lanes);
        }
}

/// The larger one; NaN if either is.
ETUDE_LANES_INLINE F16 larger(const F16& a, const F16& b) { return select(a == a, select(a >= b, a, b), a); }

inline void max_pool_forward(const WindowSizes& s, const float* src, float* dst, bool relu) {
    const F16 zero = all(0.0f);
    each_window(s, [&](std::size_t to, const Covered& rows, const Covered& columns, std::size_t plane) ETUDE_LANES_LAMBDA {
        F16 most = load(src + plane + (rows.begin * s.width + columns.begin) * lanes);
        for (std::size_t y = rows.begin; y < rows.end; ++y)
            for (std::size_t x = columns.begin; x < columns.end; ++x) most = larger(most, load(src + plane + (y * s.width + x) * lanes));
        store(dst + to, relu ? select(most < zero, zero, most) : most);
    });
}

/// The first of equals gets the derivative. With `relu`, dst is that of the largest, and a window without a positive number gives none.
inline void max_pool_backward(const WindowSizes& s, const float* src, const float* dst, const float* diff_dst, float* diff_src, bool relu) {
    const F16 zero = all(0.0f);
    const bool apart = s.stride >= s.window_height && s.stride >= s.window_width;
    const bool all_covered = apart && s.stride == s.window_height && s.stride == s.window_width && s.height == s.out_height * s.stride &&
                             s.width == s.out_width * s.stride && s.padding == 0;
    if (!all_covered) std::memset(diff_src, 0, s.planes * s.height * s.width * lanes * sizeof(float));
    each_window(s, [&](std::size_t at, const Covered& rows, const Covered& columns, std::size_t plane) ETUDE_LANES_LAMBDA {
        const F16 most = load(dst + at);
        F16 left = load(diff_dst + at);
        if (relu) left = select(most > zero, left, zero);
        for (std::size_t y = rows.begin; y < rows.end; ++y)
            for (std::size_t x = columns.begin; x < columns.end; ++x) {
                const std::size_t pixel = plane + (y * s.width + x) * lanes;
                const I16 hit = load(src + pixel) == most;
                const F16 given = select(hit, left, zero);
                store(diff_src + pixel, apart ? given : load(diff_src + pixel) + given);
                left = select(hit, zero, left);
            }
    });
}

inline void avg_pool_forward(const WindowSizes& s, const float* src, float* dst) {
    const F16 share = all(1 / static_cast<float>(s.window_height * s.window_width));
    each_window(s, [&](std::size_t to, const Covered& rows, const Covered& columns, std::size_t plane) ETUDE_LANES_LAMBDA {
        F16 sum = all(0.0f);
        for (std::size_t y = rows.begin; y < rows.end; ++y)
            for (std::size_t x = columns.begin; x < columns.end; ++x) sum = sum + load(src + plane + (y * s.width + x) * lanes);
        store(dst + to, sum * share);
    });
}

inline void avg_pool_backward(const WindowSizes& s, const float* diff_dst, float* diff_src) {
    const F16 share = all(1 / static_cast<float>(s.window_height * s.window_width));
    std::memset(diff_src, 0, s.planes * s.height * s.width * lanes * sizeof(float));
    each_window(s, [&](std::size_t at, const Covered& rows, const Covered& columns, std::size_t plane) ETUDE_LANES_LAMBDA {
        const F16 given = load(diff_dst + at) * share;
        for (std::size_t y = rows.begin; y < rows.end; ++y)
            for (std::size_t x = columns.begin; x < columns.end; ++x) {
                float* to = diff_src + plane + (y * s.width + x) * lanes;
                store(to, load(to) + given);
            }
    });
}

// ---- normalisation of a sample, in Layout::columns -----------------------------------------------------------------------------------

inline void sample_normalise(const SampleSizes& s, const float* src, const float* scale, const float* shift, float eps, float* mean, float* inverse,
                             float* dst) {
    const std::size_t stride = s.blocks * lanes;
    const F16 share = all(1 / static_cast<float>(s.features));
    for (std::size_t b = 0; b < stride; b += lanes) {
        F16 sum = all(0.0f), squares = all(0.0f);
        for (std::size_t f = 0; f < s.features; ++f) sum = sum + load(src + f * stride + b);
        const F16 middle = sum * share;
        for (std::size_t f = 0; f < s.features; ++f) {
            const F16 distance = load(src + f * stride + b) - middle;
            squares = squares + distance * distance;
        }
        alignas(64) float deviation[lanes];
        store(deviation, squares * share + all(eps));
        for (float& d : deviation) d = 1 / __builtin_sqrtf(d);
        const F16 by = load(deviation);
        store(mean + b, middle);
        store(inverse + b, by);
        for (std::size_t f = 0; f < s.features; ++f)
            store(dst + f * stride + b, (load(src + f * stride + b) - middle) * by * all(scale[f]) + all(shift[f]));
    }
}

inline void sample_backward_weights(const SampleSizes& s, const float* src, const float* diff_dst, const float* mean, const float* inverse,
                                    float* diff_scale, float* diff_shift) {
    const std::size_t stride = s.blocks * lanes;
    for (std::size_t f = 0; f < s.features; f += lanes) {
        const std::size_t count = s.features - f < lanes ? s.features - f : lanes;
        const auto products = [&](std::size_t j) ETUDE_LANES_LAMBDA {
            F16 sum = all(0.0f);
            for (std::size_t b = 0; b < stride; b += lanes) {
                const std::size_t at = (f + j) * stride + b;
                sum = sum + load(diff_dst + at) * (load(src + at) - load(mean + b)) * load(inverse + b);
            }
            return sum;
        };
        const auto diffs = [&](std::size_t j) ETUDE_LANES_LAMBDA {
            F16 sum = all(0.0f);
            for (std::size_t b = 0; b < stride; b += lanes) sum = sum + load(diff_dst + (f + j) * stride + b);
            return sum;
        };
        alignas(64) float of_scale[lanes], of_shift[lanes];
        store(of_scale, sums_over_lanes(products, count));
        store(of_shift, sums_over_lanes(diffs, count));
        std::memcpy(diff_scale + f, of_scale, count * sizeof(float));
        std::memcpy(diff_shift + f, of_shift, count * sizeof(float));
    }
}

inline void sample_backward_data(const SampleSizes& s, const float* src, const float* diff_dst, const float* scale, const float* mean,
                                 const float* inverse, float* diff_src) {
    const std::size_t stride = s.blocks * lanes;
    const F16 share = all(1 / static_cast<float>(s.features));
    for (std::size_t b = 0; b < stride; b += lanes) {
        const F16 middle = load(mean + b), by = load(inverse + b);
        F16 sum = all(0.0f), products = all(0.0f);
        for (std::size_t f = 0; f < s.features; ++f) {
            const F16 diff = load(diff_dst + f * stride + b) * all(scale[f]);
            sum = sum + diff;
            products = products + diff * ((load(src + f * stride + b) - middle) * by);
        }
        sum = sum * share;
        products = products * share;
        for (std::size_t f = 0; f < s.features; ++f) {
            const F16 x = (load(src + f * stride + b) - middle) * by;
            store(diff_src + f * stride + b, (load(diff_dst + f * stride + b) * all(scale[f]) - sum - x * products) * by);
        }
    }
}

// ---- sums of activations -----------------------------------------------------------------------------------------------------------

inline void add(const float* a, const float* b, float* dst, std::size_t floats) {
    for (std::size_t i = 0; i < floats; i += lanes) store(dst + i, load(a + i) + load(b + i));
}

}  // namespace etude::ETUDE_ISA_NAMESPACE
