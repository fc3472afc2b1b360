// framework/statistics/holm.hpp - many tests at once.
#pragma once
#include <span>
#include <vector>

namespace etude {

/// p-values adjusted after Holm (1979), in the order given: those up to 0.05 may be called significant, and the chance that any such call is
/// wrong stays below 5 %, whatever the tests depend on.
std::vector<double> holm_adjusted(std::span<const double> p_values);

}  // namespace etude
