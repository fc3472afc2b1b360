#include "train/curvature.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/random.hpp"
#include "wrappers/kernels.hpp"

namespace etude {
namespace {

constexpr int most_steps = 100;
constexpr double tolerance = 1e-3;  // of the eigenvalue, from one step to the next
constexpr double step_of_norm = 1e-3, least_step = 1e-3;

double norm(std::span<const double> v) { return std::sqrt(std::inner_product(v.begin(), v.end(), v.begin(), 0.0)); }

}  // namespace

Curvature::Curvature(std::size_t weights) : direction_(weights), product_(weights), point_(weights), gradient_(weights) {}

double Curvature::largest_eigenvalue(BatchLoss& loss, std::span<const float> weights, std::uint64_t seed) {
    constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
    Rng rng(seed, "curvature");
    for (double& v : direction_) v = rng.normal();
    const double distance = std::max(least_step, step_of_norm * std::sqrt(detail::sum_of_squares(weights.data(), weights.size())));
    double length = norm(direction_), eigenvalue = 0;
    for (int i = 0; i < most_steps; ++i) {
        for (double& v : direction_) v /= length;
        product(loss, weights, distance);
        const double before = eigenvalue;
        eigenvalue = std::inner_product(direction_.begin(), direction_.end(), product_.begin(), 0.0);
        length = norm(product_);
        if (!std::isfinite(length)) return nothing;
        if (length == 0 || (i > 0 && std::abs(eigenvalue - before) <= tolerance * std::abs(eigenvalue))) break;
        direction_.swap(product_);
    }
    return eigenvalue;
}

void Curvature::product(BatchLoss& loss, std::span<const float> weights, double distance) {
    for (const double side : {distance, -distance}) {
        for (std::size_t i = 0; i < weights.size(); ++i) point_[i] = static_cast<float>(static_cast<double>(weights[i]) + side * direction_[i]);
        loss.gradient(point_, gradient_);
        for (std::size_t i = 0; i < weights.size(); ++i)
            product_[i] = side > 0 ? static_cast<double>(gradient_[i]) : (product_[i] - static_cast<double>(gradient_[i])) / (2 * distance);
    }
}

}  // namespace etude
