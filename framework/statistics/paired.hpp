// framework/statistics/paired.hpp - Student's test of paired differences, and how many pairs it would take.
#pragma once
#include <cstddef>
#include <optional>
#include <span>

#include "statistics/moments.hpp"

namespace etude {

struct PairedT {
    Statistics difference;         ///< n, mean, spread and 95 % interval of the differences
    std::optional<double> t;       ///< empty: fewer than two pairs, or no spread
    std::optional<double> p;       ///< two-sided; without spread 1 for differences of 0, else 0; empty for fewer than two pairs
    /// Mean over standard deviation of the differences (Cohen's d_z); empty without spread.
    std::optional<double> effect;
};
PairedT paired_t(std::span<const double> differences);

/// Smallest number of pairs with which a two-sided paired t-test at level `alpha` finds a true effect `d_z` with the given power: from Student's
/// noncentral distribution. Nothing beyond 100,000, nor for an effect of 0.
std::optional<std::size_t> pairs_needed(double d_z, double alpha, double power);

}  // namespace etude
