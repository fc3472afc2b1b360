#include "wrappers/sharpness.hpp"

#include <cmath>

#include "wrappers/kernels.hpp"

namespace etude {

Sharpness::Sharpness(const Component& settings, std::size_t weight_count, Isa isa)
    : rho_(settings.values.real("rho")), eta_(settings.values.real("eta")), adaptive_(settings.values.flag("adaptive")), isa_(isa),
      point_(weight_count) {}

double Sharpness::apply(std::span<const float> weights, std::span<float> gradients, BatchLoss& surface) {
    const float *const w = weights.data(), *const g = gradients.data();
    float* const point = point_.data();
    const std::size_t n = weights.size();
    const double rho = rho_, eta = eta_;
    const auto size = [w, eta](std::size_t i) { return std::abs(double{w[i]}) + eta; };
    if (adaptive_)
        detail::run_for(isa_, [=] {
            const double squares = detail::lane_sum(n, [&](std::size_t i) {
                const double scaled = size(i) * g[i];
                return scaled * scaled;
            });
            const double factor = rho / (std::sqrt(squares) + 1e-12);
            for (std::size_t i = 0; i < n; ++i) point[i] = static_cast<float>(w[i] + factor * size(i) * size(i) * g[i]);
        });
    else
        detail::run_for(isa_, [=] {
            const double factor = rho / (std::sqrt(detail::sum_of_squares(g, n)) + 1e-12);
            for (std::size_t i = 0; i < n; ++i) point[i] = static_cast<float>(w[i] + factor * g[i]);
        });
    return surface.gradient(point_.span(), gradients);
}

}  // namespace etude
