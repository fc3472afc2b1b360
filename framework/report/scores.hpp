// framework/report/scores.hpp - the scores of a configuration one by one, for tests.
#pragma once
#include <cstdint>
#include <map>

#include "report/results.hpp"

namespace etude {

/// Finite scores of the seeds that are reported on.
std::map<std::uint64_t, double> scores_by_seed(const Results& results, std::size_t configuration);

}  // namespace etude
