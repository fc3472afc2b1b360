// framework/study/groups.hpp - `groups: [{match: bias, lr_scale: 2}]`: tensors that are stepped with numbers of their own.
#pragma once
#include <optional>
#include <vector>

#include "model/spec.hpp"
#include "plugin/registry.hpp"
#include "plugin/spec.hpp"
#include "study/tree.hpp"

namespace etude {

/// `optimizer`: whose parameters a group may give anew. Nothing after an error.
std::optional<std::vector<ParameterGroup>> read_groups(const Node& node, const OptimizerSpec& optimizer, Registry& registry,
                                                       Diagnostics& diagnostics);

/// What is written while a sweep may give the rest: the optimizer is not known yet.
void check_written_groups(const Node& node, Diagnostics& diagnostics);

/// Each group, each of its words and layers must mean some tensor, and no tensor may be in two groups. `node` is what `groups` were read from.
bool check_groups(const Node& node, const std::vector<ParameterGroup>& groups, const std::vector<TensorInfo>& tensors, Diagnostics& diagnostics);

}  // namespace etude
