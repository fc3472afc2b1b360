// framework/layers/lane_step.hpp - what a layer does in a run of layers with images in the lanes (lane_run.hpp), as a value.
#pragma once
#include <variant>

#include "layers/activation.hpp"
#include "layers/kernels.hpp"
#include "layers/lane_kernels.hpp"

namespace etude {

struct LaneConvolution {
    ConvSizes sizes;
    bool bias = true;
    Activation activation = Activation::none;
};
struct LanePooling {
    WindowSizes sizes;       ///< of one block: its planes are the channels
    bool largest = true;   ///< else the mean
    bool relu = false;     ///< of the largest
};
struct LaneActivation {
    Activation activation = Activation::none;
};
using LaneStep = std::variant<LaneConvolution, LanePooling, LaneActivation>;

}  // namespace etude
