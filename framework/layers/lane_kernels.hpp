// framework/layers/lane_kernels.hpp - convolutions with images in the lanes, for channel counts that do not fill a vector.
//
// A block is 16 images, [channels][height][width][16]: one vector holds one pixel of all of them, so every multiply-add is of use
// whatever the channels are, and weights are broadcast from where they lie. Every kernel works on one block, so that a block can pass through many
// layers while it is in the cache; pools and activations are those of kernels.hpp, for which a block is as many planes as it has channels.
// Lanes without an image hold anything finite on the way forward and 0 in derivatives.
// Multiply-adds are fused: without that they take half as long again on some CPUs. The tiles are made for the 32 registers of AVX-512; on
// other machines there is no version (Kernels::images is null) and oneDNN does the layers.
// Buffers are 64-byte aligned; sizes are of one image; the stride of convolutions is 1.
#pragma once
#include <cstddef>
#include <string_view>

#include "tensor/shape.hpp"

namespace etude {

/// A convolution of stride 1. The kernels read a source that is padded already, [in_channels][padded_height][padded_width][16].
struct ConvSizes {
    std::size_t in_channels = 0, in_height = 0, in_width = 0;
    std::size_t out_channels = 0, out_height = 0, out_width = 0;
    std::size_t kernel_height = 0, kernel_width = 0;
    std::size_t pad_top = 0, pad_left = 0;

    std::size_t padded_height() const { return out_height + kernel_height - 1; }
    std::size_t padded_width() const { return out_width + kernel_width - 1; }
    bool is_padded() const { return padded_height() != in_height || padded_width() != in_width; }
    std::size_t taps() const { return in_channels * kernel_height * kernel_width; }  ///< of one output channel
    std::size_t padded_floats() const { return in_channels * padded_height() * padded_width() * lanes; }
    std::size_t in_floats() const { return in_channels * in_height * in_width * lanes; }
    std::size_t out_floats() const { return out_channels * out_height * out_width * lanes; }
};

struct LaneKernels {
    std::string_view name;  ///< "lanes:v4"

    /// The block of the `images` <= 16 rows of src [images][features], `stride` floats apart: dst [features][16]; missing images are 0.
    void (*block_of_rows)(const float* src, std::size_t stride, std::size_t images, std::size_t features, float* dst);
    void (*rows_of_block)(const float* src, std::size_t stride, std::size_t images, std::size_t features, float* dst);
    /// The source with its border of zeros, padded_floats().
    void (*pad)(const ConvSizes&, const float* src, float* dst);

    /// Weights [out][in][kernel_height][kernel_width] in the order conv_forward reads them; as many floats.
    void (*pack_weights)(const ConvSizes&, const float* weights, float* packed);
    /// dst = the correlation of src (padded) with the weights, plus bias [out_channels] (may be null); `relu` clamps it below at 0.
    void (*conv_forward)(const ConvSizes&, const float* src, const float* packed, const float* bias, float* dst, bool relu);
    /// diff_src (without padding) from diff_dst; weights as they lie.
    void (*conv_backward_data)(const ConvSizes&, const float* weights, const float* diff_dst, float* diff_src);
    /// sums [out][in][kernel_height][kernel_width][16] += the products of this block, of each lane.
    void (*conv_backward_weights)(const ConvSizes&, const float* src, const float* diff_dst, float* sums);
    /// sums [channels][16] += diff [channels][pixels][16] summed over its pixels.
    void (*conv_backward_bias)(const float* diff, std::size_t channels, std::size_t pixels, float* sums);
    /// The same after diff *= (dst > 0).
    void (*relu_backward_bias)(const float* dst, float* diff, std::size_t channels, std::size_t pixels, float* sums);
    /// to[i] = the sum of the lanes of sums[i].
    void (*add_lanes)(const float* sums, std::size_t count, float* to);
};

}  // namespace etude
