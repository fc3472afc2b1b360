// framework/layers/conv2d.hpp - conv2d: {channels, kernel, stride, padding, dilation, groups, activation, init, bias}.
#pragma once
#include <memory>

#include "layers/layer.hpp"

namespace etude {

std::unique_ptr<LayerType> make_conv2d();

}  // namespace etude
