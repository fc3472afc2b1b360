#include "statistics/quantile.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace etude {
namespace {

/// Between the order statistics `below` and the one after it.
struct Place {
    Place(double share, std::size_t n) : at(share * static_cast<double>(n - 1)), below(static_cast<std::size_t>(at)), part(at - std::floor(at)) {}
    double at;
    std::size_t below;
    double part;  ///< 0: the one alone, which also keeps an infinite neighbour out
};

double between(double low, double high, double part) { return low + part * (high - low); }

double quantile_of_sorted(const std::vector<double>& sorted, double share) {
    const Place place(share, sorted.size());
    return place.part == 0 ? sorted[place.below] : between(sorted[place.below], sorted[place.below + 1], place.part);
}

}  // namespace

std::vector<double> quantiles_of(std::span<const double> values, std::span<const double> shares) {
    std::vector<double> sorted(values.begin(), values.end()), quantiles;
    std::ranges::sort(sorted);
    std::ranges::transform(shares, std::back_inserter(quantiles), [&](double share) { return quantile_of_sorted(sorted, share); });
    return quantiles;
}

double quantile_of(std::span<const double> values, double share) {
    // One quantile needs no whole order: medians of thousands of resamples are taken here.
    std::vector<double> parted(values.begin(), values.end());
    const Place place(share, parted.size());
    const auto low = parted.begin() + static_cast<std::ptrdiff_t>(place.below);
    std::ranges::nth_element(parted, low);
    return place.part == 0 ? *low : between(*low, *std::min_element(low + 1, parted.end()), place.part);
}

}  // namespace etude
