// framework/train/groups.hpp - which of a model's tensors a group means.
#pragma once
#include <string_view>
#include <vector>

#include "model/spec.hpp"
#include "plugin/bound.hpp"
#include "plugin/spec.hpp"

namespace etude {

/// Does `word` name the tensor, by one or more of the words between the dots of its name: "bias", "0.dense" of "0.dense.bias"?
bool matches(std::string_view word, const TensorInfo& tensor);
/// Is the tensor one of layer `layer`, counted from 0?
bool is_of_layer(std::uint64_t layer, const TensorInfo& tensor);
bool is_in(const ParameterGroup& group, const TensorInfo& tensor);

/// The optimizer's values with those of the group in their place.
Values values_of(const ParameterGroup& group, const Values& optimizer);
std::vector<TensorGroup> tensor_groups(const std::vector<ParameterGroup>& groups, const Values& optimizer, const std::vector<TensorInfo>& tensors);

}  // namespace etude
