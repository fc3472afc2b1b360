// framework/statistics/bootstrap.hpp - intervals of statistics that have no formula.
#pragma once
#include <optional>
#include <span>

#include "statistics/moments.hpp"

namespace etude {

/// 95 % percentile interval of the median (Efron 1979) from 2000 resamples; nothing for fewer than two numbers. The resamples come from a fixed
/// key, so that equal numbers give equal intervals. With few numbers it covers less than it says: some 93 % for ten.
std::optional<Interval95> bootstrap_median(std::span<const double> values);

}  // namespace etude
