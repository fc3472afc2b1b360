#include "train/groups.hpp"

#include <algorithm>
#include <string>

namespace etude {

bool matches(std::string_view word, const TensorInfo& tensor) {
    return !word.empty() && ("." + tensor.name + ".").find("." + std::string(word) + ".") != std::string::npos;
}

bool is_of_layer(std::uint64_t layer, const TensorInfo& tensor) { return tensor.name.starts_with(std::to_string(layer) + "."); }

bool is_in(const ParameterGroup& group, const TensorInfo& tensor) {
    const bool by_name = group.match.empty() || std::ranges::any_of(group.match, [&](const std::string& word) { return matches(word, tensor); });
    const bool by_layer = group.layers.empty() || std::ranges::any_of(group.layers, [&](std::uint64_t layer) { return is_of_layer(layer, tensor); });
    return by_name && by_layer;
}

Values values_of(const ParameterGroup& group, const Values& optimizer) {
    Values values = optimizer;
    for (const auto& [name, value] : group.values.entries()) values.set(name, value);
    return values;
}

std::vector<TensorGroup> tensor_groups(const std::vector<ParameterGroup>& groups, const Values& optimizer, const std::vector<TensorInfo>& tensors) {
    std::vector<TensorGroup> result;
    for (const ParameterGroup& group : groups) {
        TensorGroup& made = result.emplace_back(TensorGroup{.lr_scale = group.lr_scale, .values = values_of(group, optimizer), .tensors = {}});
        for (std::size_t t = 0; t < tensors.size(); ++t)
            if (is_in(group, tensors[t])) made.tensors.push_back(t);
    }
    return result;
}

}  // namespace etude
