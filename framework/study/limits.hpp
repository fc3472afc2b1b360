// framework/study/limits.hpp - how much of a study is run: its budget, and the rule that ends configurations early.
#pragma once
#include <optional>
#include <string_view>

#include "study/tree.hpp"
#include "train/pruning.hpp"

namespace etude {

struct Limits {
    std::optional<std::uint64_t> trials;  ///< budget: {trials: n}
    std::optional<double> seconds;        ///< budget: {time: 1h}
    std::optional<Pruning> pruning;
    Place pruning_place;                  ///< of its key
};

/// `budget`, and one of `median`, `halving`, `hyperband`, `until_decided`.
Limits read_limits(const Node& root, Diagnostics& diagnostics);
/// Is `key` one that read_limits reads?
bool is_limit(std::string_view key);

/// What a rule needs to know of the study.
struct PrunedStudy {
    std::size_t configurations = 0, seeds = 0;           ///< seeds: those to choose on
    std::uint64_t fewest_epochs = 0, most_epochs = 0;
    bool is_range_test = false;
};
/// Errors where the rule has nothing to look at, a warning where there is nothing to compare.
void check_pruning(const Limits& limits, const PrunedStudy& study, Diagnostics& diagnostics);

/// Seconds of "90s", "15m", "1h30m", "2d"; nothing when it is none.
std::optional<double> time_of(std::string_view text);

}  // namespace etude
