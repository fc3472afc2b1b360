// framework/layers/norms.hpp - batch_norm: {momentum, eps}; layer_norm: {eps}.
#pragma once
#include <memory>

#include "layers/layer.hpp"

namespace etude {

std::unique_ptr<LayerType> make_batch_norm();
std::unique_ptr<LayerType> make_layer_norm();

}  // namespace etude
