// framework/statistics/holm.hpp - many tests at once.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace etude {

/// p-values adjusted after Holm (1979), in the order given: those up to 0.05 may be called significant, and the chance that any such call is
/// wrong stays below 5 %, whatever the tests depend on.
std::vector<double> holm_adjusted(std::span<const double> p_values);
/// The same for tests that were picked from a family of `family` >= p_values.size() by looking at the data, as those of the best one against all
/// others are picked from those of all pairs: never smaller than what all p-values of the family would give.
std::vector<double> holm_adjusted(std::span<const double> p_values, std::size_t family);

}  // namespace etude
