// framework/layers/kernels.hpp - the table of our own vector kernels, compiled once per instruction set with the same bits in all.
//
// Buffers are 64-byte aligned. `floats` is a multiple of 16, `blocks` counts vectors of 16 samples. Where a matrix is named [features, samples]
// it is in Layout::columns, its stride a multiple of 16; weights are plain [out, in]. Lanes that pad the samples hold anything finite on the way
// forward and 0 in derivatives, so that sums over samples need no tails.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "layers/activation.hpp"
#include "base/isa.hpp"

namespace etude {

struct LaneKernels;  // lane_kernels.hpp

/// Sizes of a dense layer in Layout::columns.
struct DenseSizes {
    std::size_t in = 0, out = 0, blocks = 0;
};

/// Logits or values in Layout::columns, and where their derivatives go (null: not wanted).
struct LossInput {
    const float* outputs = nullptr;  ///< [features, samples]
    float* diff = nullptr;           ///< [features, samples]; receives d mean loss / d outputs, 0 in padding lanes
    std::size_t stride = 0, features = 0, samples = 0;
};

/// Sums over the samples of a batch.
struct LossSums {
    double loss = 0;
    std::size_t correct = 0;
    double squared_error = 0;
};

/// Images in Layout::blocked16: [samples][blocks][pixels][16].
struct ChannelSizes {
    std::size_t samples = 0, blocks = 0, pixels = 0;
};
/// What a channel's numbers become: (x - mean) * scale + shift, [blocks * 16] each; all three 0 where channels fill up a block.
struct ChannelAffine {
    const float *mean = nullptr, *scale = nullptr, *shift = nullptr;
};
/// Windows over planes [height][width][16] of images in Layout::blocked16; each covers at least one pixel.
struct WindowSizes {
    std::size_t planes = 0, height = 0, width = 0, out_height = 0, out_width = 0;
    std::size_t window_height = 1, window_width = 1, stride = 1, padding = 0;
};
/// Samples in Layout::columns: [features][blocks * 16].
struct SampleSizes {
    std::size_t features = 0, blocks = 0;
};

struct Kernels {
    std::string_view name;  ///< "own:v4"

    void (*activate)(Activation, const float* src, float* dst, std::size_t floats);
    /// diff *= f'; `kept` is f's argument or its value, as derives_from_argument says.
    void (*activate_backward)(Activation, const float* kept, float* diff, std::size_t floats);

    /// dst [out, samples] = W src + b; `relu` clamps it below at 0. `bias` may be null.
    void (*dense_forward)(const DenseSizes&, const float* weights, const float* bias, const float* src, float* dst, bool relu);
    /// diff_src [in, samples] = W' diff_dst.
    void (*dense_backward_data)(const DenseSizes&, const float* weights, const float* diff_dst, float* diff_src);
    /// diff_weights [out, in] and diff_bias [out] (may be null): sums over the samples.
    void (*dense_backward_weights)(const DenseSizes&, const float* src, const float* diff_dst, float* diff_weights, float* diff_bias);
    /// dst[feature] = sum over the rows of src [rows, features], in the order of the rows.
    void (*sum_rows)(const float* src, std::size_t rows, std::size_t features, float* dst);

    /// Transposes src [rows, columns] to dst [columns, rows]; zeros follow the rows up to dst_stride.
    void (*transpose)(const float* src, std::size_t src_stride, std::size_t rows, std::size_t columns, float* dst, std::size_t dst_stride);

    /// mask[i] = the i-th uniform number of `key` is below `rate` ? 0 : scale.
    void (*dropout_mask)(std::uint64_t key, float rate, float scale, float* mask, std::size_t floats);
    void (*multiply)(const float* a, const float* b, float* dst, std::size_t floats);

    void (*add)(const float* a, const float* b, float* dst, std::size_t floats);

    /// Mean and biased variance of every channel over samples and pixels, [blocks * 16] each.
    void (*channel_moments)(const ChannelSizes&, const float* src, float* mean, float* variance);
    /// `relu` clamps the result below at 0; in the way back it takes that into account.
    void (*channel_normalise)(const ChannelSizes&, const float* src, const ChannelAffine&, float* dst, bool relu);
    /// Sums of diff_dst and of diff_dst * (src - mean), [blocks * 16] each.
    void (*channel_backward_sums)(const ChannelSizes&, const float* src, const float* diff_dst, const ChannelAffine&, bool relu, float* sum,
                                  float* sum_of_products);
    /// diff_src = diff_dst * scale + (src - mean) * slope + offset.
    void (*channel_backward)(const ChannelSizes&, const float* src, const float* diff_dst, const ChannelAffine&, bool relu, const float* slope,
                             const float* offset, float* diff_src);

    /// The largest number of each window, NaN if one is there; `relu` clamps it below at 0.
    void (*max_pool_forward)(const WindowSizes&, const float* src, float* dst, bool relu);
    void (*max_pool_backward)(const WindowSizes&, const float* src, const float* dst, const float* diff_dst, float* diff_src, bool relu);
    void (*avg_pool_forward)(const WindowSizes&, const float* src, float* dst);
    void (*avg_pool_backward)(const WindowSizes&, const float* diff_dst, float* diff_src);

    /// dst = (src - mean) * inverse * scale + shift with each sample's own mean and inverse = 1 / sqrt(variance + eps), which are kept.
    void (*sample_normalise)(const SampleSizes&, const float* src, const float* scale, const float* shift, float eps, float* mean, float* inverse,
                             float* dst);
    void (*sample_backward_weights)(const SampleSizes&, const float* src, const float* diff_dst, const float* mean, const float* inverse,
                                    float* diff_scale, float* diff_shift);
    void (*sample_backward_data)(const SampleSizes&, const float* src, const float* diff_dst, const float* scale, const float* mean,
                                 const float* inverse, float* diff_src);

    LossSums (*softmax_cross_entropy)(const LossInput&, const std::int32_t* labels, float smoothing);
    LossSums (*binary_cross_entropy)(const LossInput&, const std::int32_t* labels);
    /// `values` [features, samples] like the outputs.
    LossSums (*mean_squared_error)(const LossInput&, const float* values);
    LossSums (*huber)(const LossInput&, const float* values, float delta);

    const LaneKernels* images;  ///< convolutions with images in the lanes; null where oneDNN does them all
};

/// The version for `isa`, which the CPU must run.
const Kernels& kernels_for(Isa isa);

}  // namespace etude
