// framework/statistics/wilson.hpp - the interval of a share.
#pragma once
#include <cstddef>

#include "statistics/moments.hpp"

namespace etude {

/// 95 % interval of a share of which `count` of n >= 1 were seen: Wilson (1927), without continuity correction. It does not shrink to a point
/// when none or all are seen.
Interval95 wilson_interval(std::size_t count, std::size_t n);

}  // namespace etude
