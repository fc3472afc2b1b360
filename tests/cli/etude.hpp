// tests/cli/etude.hpp - the program under test.
#pragma once
#include <string>
#include <vector>

#include "support/process.hpp"

namespace etude::test {

inline Outcome run_etude(std::vector<std::string> arguments, const ProcessOptions& options = {}) {
    arguments.insert(arguments.begin(), ETUDE_BINARY);
    return run_process(arguments, options);
}

/// A study of the blobs that takes milliseconds: 3 rates x 4 seeds, 6 epochs.
inline const std::string small_study = R"(study: small
question: Which rate?
data:  {name: blobs, samples: 200, centers: 3, cluster_std: 2, random_state: 2, train: 100}
model:
  - dense: {units: 8, activation: relu}
  - dense: {units: 3}
loss:  softmax_cross_entropy
train: {epochs: 6, batch: 32}
optimizer: {name: sgd, lr: 0.1}
seeds: 4
sweep:
  optimizer.lr: [1, 0.1, 0.01]
)";

}  // namespace etude::test
