// framework/report/best.hpp - the configurations that lead, and those that no test tells from them.
#pragma once
#include <string>
#include <vector>

#include "report/findings.hpp"

namespace etude {

/// A configuration that may be the best.
struct Leader {
    std::size_t configuration = 0;
    const Comparison* comparison = nullptr;  ///< of the reference with it; nullptr for the reference itself
};
/// The reference, then those tested against it and not found significantly worse, by rank. Those that could not be tested are not among them.
/// Empty when no trial is done.
std::vector<Leader> leaders_of(const Findings& findings);

/// The answer, and a table of the leaders. Throws Error for a study of range tests, which has no best.
std::string best_text(const Findings& findings);
/// {study, metric, ..., leaders: [{configuration, cells, rank, n, mean, ci, behind, behind_ci, p_holm, trials, resolved}]}.
std::string best_json(const Findings& findings);

}  // namespace etude
