// framework/layers/catalogue.hpp - the layers and losses there are, with their declared keys.
#pragma once
#include <span>
#include <string_view>

#include "base/value.hpp"

namespace etude {

std::span<const Kind> layer_kinds();  ///< alphabetical; every activation is a layer too
const Kind* find_layer_kind(std::string_view name);
std::span<const Kind> loss_kinds();   ///< softmax_cross_entropy, binary_cross_entropy, mean_squared_error
const Kind* find_loss_kind(std::string_view name);
std::span<const std::string> initialisers();
std::span<const std::string> activations();

}  // namespace etude
