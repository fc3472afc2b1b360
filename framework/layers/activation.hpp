// framework/layers/activation.hpp - the activation functions: names, and what their derivative needs.
//
//   relu        max(x, 0)                       elu       x, below 0: e^x - 1 (alpha = 1)
//   leaky_relu  x, below 0: 0.01 x (PyTorch's)  gelu      x P(X < x), exact, by erfc (PyTorch's and Keras' default)
//   tanh        tanh x                          sigmoid   1 / (1 + e^-x)
//   softplus    log(1 + e^x)                    swish     x sigmoid(x), SiLU
// The derivative of relu, leaky_relu and elu at 0 is that from the left, as in PyTorch. NaN gives NaN.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace etude {

enum class Activation { none, elu, gelu, leaky_relu, relu, sigmoid, softplus, swish, tanh };

std::span<const std::string> activations();  ///< without "none"; alphabetical
/// Of a word that the schema has checked: "none" or one of activations().
Activation activation_of(std::string_view name);
/// Whether the derivative is computed from the function's argument; else from its value.
constexpr bool derives_from_argument(Activation a) { return a == Activation::gelu || a == Activation::swish; }

/// Whether 0 stays 0.
constexpr bool keeps_zero(Activation a) { return a != Activation::sigmoid && a != Activation::softplus; }

}  // namespace etude
