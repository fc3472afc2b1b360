#include "statistics/holm.hpp"

#include <algorithm>
#include <numeric>

namespace etude {
namespace {

/// `count` tests stand for the smallest p-value of those that are left.
template <class Count>
std::vector<double> stepped_down(std::span<const double> p_values, Count count) {
    std::vector<std::size_t> order(p_values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p_values[i]; });
    std::vector<double> adjusted(p_values.size());
    double largest = 0;
    for (std::size_t place = 0; place < order.size(); ++place) {
        largest = std::max(largest, std::min(1.0, static_cast<double>(count(order.size() - place)) * p_values[order[place]]));
        adjusted[order[place]] = largest;
    }
    return adjusted;
}

}  // namespace

std::vector<double> holm_adjusted(std::span<const double> p_values) {
    return stepped_down(p_values, [](std::size_t left) { return left; });
}

std::vector<double> best_adjusted(std::span<const double> p_values) {
    return stepped_down(p_values, [](std::size_t left) { return left * (left + 1) / 2; });
}

}  // namespace etude
