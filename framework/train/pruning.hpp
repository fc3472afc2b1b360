// framework/train/pruning.hpp - rules that end configurations before all of their epochs or seeds are done. Off unless a study asks.
//
// A rule is about a study, not about a trial: no id depends on it. It looks at all configurations together, at rungs that follow from the study
// alone, so that what is ended does not depend on the number of workers (sweep/rungs.hpp).
#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "base/value.hpp"

namespace etude {

struct Pruning {
    enum class Rule { median, halving, hyperband, until_decided } rule = Rule::halving;
    std::uint64_t min_epochs = 1;  ///< the first rung (until_decided: no epochs)
    std::uint64_t every = 1;       ///< median: epochs from rung to rung
    std::uint64_t eta = 3;         ///< halving, hyperband: one in eta goes on, with eta times the epochs
    std::uint64_t seed = 0;        ///< hyperband: deals the configurations out to the brackets
    double alpha = 0.05;           ///< until_decided: how probable it may be that the best configuration is ended
    std::uint64_t min_seeds = 3;   ///< until_decided: seeds before the first decision
    bool operator==(const Pruning&) const = default;
};

/// Their names in a study, with the keys and the sources; in the order of Rule.
std::span<const Kind> pruning_kinds();
const std::string& pruning_name(Pruning::Rule rule);
/// `values` are of the kind's schema.
Pruning pruning_of(Pruning::Rule rule, const Values& values);
/// "halving (eta 3, from epoch 1)", for reports.
std::string pruning_text(const Pruning& pruning);

}  // namespace etude
