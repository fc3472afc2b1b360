#include "statistics/quantile.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace etude {
namespace {

double quantile_of_sorted(const std::vector<double>& sorted, double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(std::floor(place));
    const double part = place - std::floor(place);
    if (part == 0) return sorted[below];  // also keeps an infinite neighbour out
    return sorted[below] + part * (sorted[below + 1] - sorted[below]);
}

}  // namespace

std::vector<double> quantiles_of(std::span<const double> values, std::span<const double> shares) {
    std::vector<double> sorted(values.begin(), values.end()), quantiles;
    std::ranges::sort(sorted);
    std::ranges::transform(shares, std::back_inserter(quantiles), [&](double share) { return quantile_of_sorted(sorted, share); });
    return quantiles;
}

double quantile_of(std::span<const double> values, double share) { return quantiles_of(values, std::span(&share, 1)).front(); }

}  // namespace etude
