// framework/statistics/quantile.hpp - quantiles of a sample.
#pragma once
#include <span>
#include <vector>

namespace etude {

/// The `share` quantile of n >= 1 numbers, linear between order statistics: type 7 of Hyndman and Fan (1996), as NumPy and R do by default.
double quantile_of(std::span<const double> values, double share);
/// Several of one sample, sorted once.
std::vector<double> quantiles_of(std::span<const double> values, std::span<const double> shares);

}  // namespace etude
