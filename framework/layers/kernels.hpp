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

    LossSums (*softmax_cross_entropy)(const LossInput&, const std::int32_t* labels, float smoothing);
    LossSums (*binary_cross_entropy)(const LossInput&, const std::int32_t* labels);
    /// `values` [features, samples] like the outputs.
    LossSums (*mean_squared_error)(const LossInput&, const float* values);
};

/// The version for `isa`, which the CPU must run.
const Kernels& kernels_for(Isa isa);

}  // namespace etude
