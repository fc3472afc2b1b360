#include "data/curves.hpp"

#include <cmath>
#include <numbers>
#include <numeric>

#include "base/random.hpp"
#include "data/numpy_random.hpp"

namespace etude {
namespace {

/// Row i of the result is row order[i] of `points`, which have two values each.
LabelledPoints reordered(const LabelledPoints& points, const std::vector<std::uint32_t>& order) {
    LabelledPoints shown;
    for (const std::uint32_t row : order) {
        shown.values.insert(shown.values.end(), {points.values[2 * row], points.values[2 * row + 1]});
        shown.labels.push_back(points.labels[row]);
    }
    return shown;
}

/// Place i of n even places from 0 to pi, as numpy.linspace has them.
double half_turn(std::size_t i, std::size_t n) {
    if (n > 1 && i == n - 1) return std::numbers::pi;
    return n > 1 ? static_cast<double>(i) * (std::numbers::pi / static_cast<double>(n - 1)) : 0;
}

}  // namespace

LabelledPoints make_moons(std::size_t samples, double noise, std::uint32_t random_state) {
    const std::size_t outer = samples / 2, inner = samples - outer;
    LabelledPoints sorted;
    for (std::size_t i = 0; i < samples; ++i) {
        const bool above = i < outer;
        const double angle = above ? half_turn(i, outer) : half_turn(i - outer, inner);
        const double x = std::cos(angle), y = std::sin(angle);
        sorted.values.insert(sorted.values.end(), {above ? x : 1 - x, above ? y : 1 - y - 0.5});
        sorted.labels.push_back(above ? 0 : 1);
    }
    NumpyRandom random(random_state);
    std::vector<std::uint32_t> order(samples);
    std::iota(order.begin(), order.end(), 0u);
    random.shuffle(order);
    LabelledPoints points = reordered(sorted, order);
    for (double& value : points.values) value += random.normal(0, noise);
    return points;
}

LabelledPoints make_spirals(const SpiralSettings& settings) {
    Rng random(settings.random_state, "spirals");
    LabelledPoints sorted;
    for (std::size_t arm = 0; arm < settings.arms; ++arm) {
        const std::size_t count = settings.samples / settings.arms + (arm < settings.samples % settings.arms ? 1 : 0);
        const double start = static_cast<double>(arm) / static_cast<double>(settings.arms);
        for (std::size_t i = 0; i < count; ++i) {
            const double t = random.uniform(), angle = 2 * std::numbers::pi * (settings.turns * t + start);
            const double x = t * std::cos(angle) + settings.noise * random.normal();
            const double y = t * std::sin(angle) + settings.noise * random.normal();
            sorted.values.insert(sorted.values.end(), {x, y});
            sorted.labels.push_back(static_cast<std::int32_t>(arm));
        }
    }
    std::vector<std::uint32_t> order(settings.samples);
    random.permutation(order);
    return reordered(sorted, order);
}

}  // namespace etude
