// framework/statistics/holm.hpp - many tests at once.
#pragma once
#include <span>
#include <vector>

namespace etude {

/// p-values adjusted after Holm (1979), in the order given: those up to 0.05 may be called significant, and the chance that any such call is
/// wrong stays below 5 %, whatever the tests depend on.
std::vector<double> holm_adjusted(std::span<const double> p_values);
/// The same for tests of the best against each of the others, where the data tested chose the best, so that any pair might have been tested: at each
/// step the pairs among the best and the others that are left count, m (m + 1) / 2 for m others. Held to its level by simulation
/// (tests/statistics/simulated.cpp); Holm over all pairs, of which this looks at a part, would need the p-values of the rest.
std::vector<double> best_adjusted(std::span<const double> p_values);

}  // namespace etude
