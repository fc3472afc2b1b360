// framework/cli/selection.hpp - what a word of the command line names in the results of a study.
#pragma once
#include <cstddef>
#include <optional>
#include <string>

#include "report/results.hpp"

namespace etude::cli {

/// Place of the trial with that number (as in trials.csv), or whose id begins so. Throws Error when none or several do.
std::size_t require_trial(const Results& results, const std::string& word);

struct Selection {
    std::size_t configuration = 0;
    std::optional<std::size_t> trial;  ///< place in Results::trials; empty where the word names a configuration
};
/// A trial as above, or a configuration by its label (as in tables and figures).
Selection require_selection(const Results& results, const std::string& word);

/// "trial 12 (lr = 0.1, seed 2)".
std::string trial_words(const Results& results, std::size_t trial);

}  // namespace etude::cli
