// framework/model/spec.hpp - a network as values, and what can be checked of it without building it.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "tensor/shape.hpp"  // InputShape, TensorRole

namespace etude {

/// Layers from input to output, every key resolved. The last layer gives logits or values; the loss is no layer.
using ModelSpec = std::vector<Component>;

/// One trainable tensor inside the flat buffer. Tensors tile it without gaps.
struct TensorInfo {
    std::string name;              ///< "0.dense.weight"
    std::size_t offset = 0, count = 0;
    std::vector<std::size_t> dims; ///< row-major, fan-out first: [out, in]
    TensorRole role = TensorRole::weight;
    std::size_t groups = 1;
};

/// A layer that does not fit: the message, and the way to it through the lists: {"2"}, {"2", "residual", "body", "0"}.
struct ModelProblem {
    std::vector<std::string> layer;
    std::string message, hint;
};
/// Checks shapes from layer to layer, and the last width against the loss and the number of classes (0: regression).
std::optional<ModelProblem> check_model(const ModelSpec& model, const Component& loss, const InputShape& input, std::size_t classes);
/// The trainable tensors in order; the model must have passed check_model.
std::vector<TensorInfo> tensors_of(const ModelSpec& model, const InputShape& input);

}  // namespace etude
