// framework/layers/dense.hpp - `dense`: dst = f(src W' + b), W [units, features], b [units].
//
// Two ways to compute it, chosen by the sizes alone:
//   oneDNN's matmul, in Layout::rows, with bias and activation fused (tensor/dnnl.hpp says which activations can be)
//   our own kernels, in Layout::columns, for layers so small that the cost of a call is what counts
// Gradients are sums over the samples in a fixed order either way.
#pragma once
#include <memory>

#include "layers/layer.hpp"

namespace etude {

/// Whether a product of these sizes is computed by our own kernels.
bool prefers_own_kernels(std::size_t samples, std::size_t in, std::size_t out);

std::unique_ptr<LayerType> make_dense();

}  // namespace etude
