// framework/layers/fused.hpp - which activations oneDNN applies itself at the end of a product or a convolution.
#pragma once
#include "layers/activation.hpp"
#include "tensor/dnnl.hpp"

namespace etude {

/// Nothing for functions that are passes of our own: relu must keep NaN, gelu and swish must keep their argument.
constexpr Fused fused_of(Activation activation) {
    switch (activation) {
        case Activation::leaky_relu: return Fused::leaky_relu;
        case Activation::elu: return Fused::elu;
        case Activation::tanh: return Fused::tanh;
        case Activation::sigmoid: return Fused::sigmoid;
        case Activation::softplus: return Fused::softplus;
        default: return Fused::none;
    }
}
constexpr float fused_slope(Fused fused) { return fused == Fused::leaky_relu ? 0.01f : 1.0f; }

}  // namespace etude
