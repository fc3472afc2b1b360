#include "plugin/group_stepping.hpp"

#include <algorithm>
#include <limits>

#include "plugin/table.hpp"

namespace etude {
namespace {

std::vector<double> reals_of(const Plugin& plugin, const Values& values) {
    std::vector<double> reals;
    for (const Parameter& parameter : plugin.description.schema) {
        const double* real = std::get_if<double>(values.find(parameter.name));
        reals.push_back(real == nullptr ? std::numeric_limits<double>::quiet_NaN() : *real);
    }
    return reals;
}

}  // namespace

BoundGroup::BoundGroup(const Plugin& plugin, const Values& values, double lr_scale, const TimeScale& time)
    : configuration_(std::make_unique<PluginConfiguration>(plugin, values, time)), reals_(reals_of(plugin, values)), lr_scale_(lr_scale),
      scalars_(initial_scalars(read_table(plugin.table))), before_(scalars_), spare_(scalars_) {}

double* BoundGroup::scalars_for(bool is_first) {
    std::ranges::copy(is_first ? scalars_ : before_, is_first ? before_.begin() : spare_.begin());
    return is_first ? scalars_.data() : spare_.data();
}

std::vector<Stretch> stretches_of(std::span<const etude_tensor> tensors, std::span<const TensorGroup> groups, std::size_t weight_count) {
    if (groups.empty()) return {{.group = 0, .is_first = true, .first = 0, .count = weight_count, .first_tensor = 0, .tensor_count = tensors.size()}};
    std::vector<std::size_t> group_of(tensors.size());
    for (std::size_t g = 0; g < groups.size(); ++g)
        for (const std::size_t tensor : groups[g].tensors) {
            ETUDE_ASSERT(group_of.at(tensor) == 0, "a tensor in two groups");
            group_of[tensor] = g + 1;
        }
    std::vector<Stretch> stretches;
    std::vector<bool> seen(groups.size() + 1);
    for (std::size_t t = 0; t < tensors.size(); ++t) {
        const std::size_t group = group_of[t];
        if (stretches.empty() || stretches.back().group != group) {
            stretches.push_back({.group = group, .is_first = !seen[group], .first = tensors[t].offset, .count = 0, .first_tensor = t,
                                 .tensor_count = 0});
            seen[group] = true;
        }
        stretches.back().count += tensors[t].count;
        ++stretches.back().tensor_count;
    }
    return stretches;
}

}  // namespace etude
