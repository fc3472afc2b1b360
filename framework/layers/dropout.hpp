// framework/layers/dropout.hpp - `dropout`: in training each value is set to 0 with probability `rate`, the others divided by 1 - rate.
//
// The mask is a pure function of (seed, "dropout", update, place of the layer); evaluation passes values through.
#pragma once
#include <memory>

#include "layers/layer.hpp"

namespace etude {

std::unique_ptr<LayerType> make_dropout();

}  // namespace etude
