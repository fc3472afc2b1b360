#include "statistics/rate_axis.hpp"

#include <algorithm>
#include <cmath>

namespace etude {
namespace {

double rounded_to_3_digits(double value) {
    const double unit = std::pow(10.0, std::floor(std::log10(value)) - 2);
    // Dividing by a whole power of ten keeps 0.01 what one writes.
    return unit < 1 ? std::round(value / unit) / std::round(1 / unit) : std::round(value / unit) * unit;
}

}  // namespace

Basin basin_of(std::span<const double> rates, const std::vector<bool>& good, std::size_t best) {
    Basin widest{best, best, rates[best], rates[best], -1};
    for (std::size_t first = 0; first < rates.size();) {
        if (!good[first]) {
            ++first;
            continue;
        }
        std::size_t last = first;
        while (last + 1 < rates.size() && good[last + 1]) ++last;
        const double decades = std::log10(rates[last] / rates[first]);
        const bool holds_best = first <= best && best <= last;
        if (decades > widest.decades + 1e-9 || (holds_best && decades > widest.decades - 1e-9))
            widest = {first, last, rates[first], rates[last], decades};
        first = last + 1;
    }
    return widest;
}

double lr_sensitivity(std::span<const double> losses, double initial) {
    double sum = 0, best = initial;
    for (const double loss : losses) {
        const double clipped = std::isfinite(loss) ? std::min(loss, initial) : initial;
        sum += clipped;
        best = std::min(best, clipped);
    }
    return sum / static_cast<double>(losses.size()) - best;
}

StabilityEdge stability_edge(std::span<const double> rates, std::span<const double> diverged) {
    StabilityEdge edge;
    for (std::size_t i = 0; i < rates.size(); ++i) {
        if (diverged[i] > 0.5) {
            edge.unstable = rates[i];
            break;
        }
        edge.stable = rates[i];
    }
    return edge;
}

std::vector<double> rates_to_add(std::span<const double> rates, std::size_t best) {
    const std::size_t last = rates.size() - 1;
    if (best != 0 && best != last) return {};
    const double step = best == 0 ? rates[0] / rates[1] : rates[last] / rates[last - 1];
    return {rounded_to_3_digits(rates[best] * step), rounded_to_3_digits(rates[best] * step * step)};
}

}  // namespace etude
