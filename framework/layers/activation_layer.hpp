// framework/layers/activation_layer.hpp - an activation as a layer of its own (`- relu`).
#pragma once
#include <memory>
#include <string>

#include "layers/layer.hpp"

namespace etude {

/// `name` is one of activations().
std::unique_ptr<LayerType> make_activation_layer(const std::string& name);

}  // namespace etude
