// framework/train/start_values.hpp - what a diverged trial counts with (Record::counts_as): how its network does before any update.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "data/dataset.hpp"
#include "model/model.hpp"
#include "train/measurement.hpp"

namespace etude {

using StartValues = std::vector<std::pair<std::string, double>>;  ///< metric, value; the training part's first

/// `measured` at the initial weights. Where the network classifies, accuracies are replaced: by the share of the part's most frequent class.
StartValues start_values(const Dataset& data, const Measurement& measured);
/// Of a network that has made no update yet, over the whole of each part. It was made for evaluation_sizes() of all of them.
StartValues start_values(const Dataset& data, Model& fresh);
/// The training part's, from what a batch of it says: stands until the trial diverges.
void set_training_part(StartValues& values, const Dataset& data, const Evaluation& train);

}  // namespace etude
