// framework/train/decision_map.hpp - which class a network of two inputs chooses where, and the samples that it is drawn with.
#pragma once
#include <optional>
#include <string>

#include "base/value.hpp"
#include "data/dataset.hpp"
#include "model/model.hpp"
#include "train/record.hpp"

namespace etude {

inline constexpr std::size_t decision_map_side = 81;  ///< points in each direction; batches of so many rows are predicted

/// Two features, at most 255 classes.
bool has_decision_map(const Dataset& data);
/// Of such a data set, which `set` describes. The model was made for batches of decision_map_side.
DecisionMap decision_map(Model& model, const Dataset& data, const Component& set);

/// The samples of a two-feature classification set, for figures; nothing for other data.
std::optional<Samples> samples_of(const Dataset& data);
/// The name under which the store keeps them: a hash of the resolved data set.
std::string samples_name(const Component& data);

}  // namespace etude
