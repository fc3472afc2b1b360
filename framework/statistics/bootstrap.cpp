#include "statistics/bootstrap.hpp"

#include <array>
#include <vector>

#include "base/random.hpp"
#include "statistics/quantile.hpp"

namespace etude {

std::optional<Interval95> bootstrap_median(std::span<const double> values) {
    constexpr std::size_t resamples = 2000;
    constexpr std::array<double, 2> bounds{0.025, 0.975};
    if (values.size() < 2) return std::nullopt;
    Rng rng(0, "bootstrap", values.size());
    std::vector<double> resample(values.size()), medians;
    medians.reserve(resamples);
    for (std::size_t i = 0; i < resamples; ++i) {
        for (double& value : resample) value = values[rng.below(static_cast<std::uint32_t>(values.size()))];
        medians.push_back(quantile_of(resample, 0.5));
    }
    const auto found = quantiles_of(medians, bounds);
    return Interval95{found[0], found[1]};
}

}  // namespace etude
