// framework/layers/lane_kernels_body.hpp - the table of lane_kernels.hpp, included by one file per instruction set (see tensor/lanes.hpp).
#pragma once
#include "layers/lane_kernels_conv.hpp"
#include "layers/lane_kernels_rows.hpp"

namespace etude::ETUDE_ISA_NAMESPACE {

inline constexpr LaneKernels lane_table(std::string_view name) {
    return {name,
            block_of_rows,
            rows_of_block,
            pad,
            pack_weights,
            conv_forward,
            conv_backward_data,
            conv_backward_weights,
            conv_backward_bias,
            relu_backward_bias,
            add_lanes};
}

}  // namespace etude::ETUDE_ISA_NAMESPACE
