#include "wrappers/cautious.hpp"

#include <algorithm>

#include "wrappers/kernels.hpp"
#include "wrappers/tensors.hpp"

namespace etude {

Cautious::Cautious(const Component& settings, std::size_t weight_count, std::vector<etude_tensor> tensors, Isa isa)
    : rescale_(settings.values.flag("rescale")), floor_(settings.values.real("floor")), tensors_(tensors_or_one(std::move(tensors), weight_count)),
      isa_(isa), before_(weight_count) {}

void Cautious::before(std::span<const float> weights) { std::ranges::copy(weights, before_.data()); }

void Cautious::after(std::span<float> weights, std::span<const float> gradients) {
    for (const etude_tensor& tensor : tensors_) {
        float* const w = weights.data() + tensor.offset;
        const float* const old = before_.data() + tensor.offset;
        const float* const g = gradients.data() + tensor.offset;
        const std::size_t n = tensor.count;
        const bool rescale = rescale_;
        const double floor = floor_;
        detail::run_for(isa_, [=] {
            const auto goes_up = [=](std::size_t i) { return (w[i] - old[i]) * g[i] >= 0; };  // false for a NaN
            float scale = 1;
            if (rescale) {
                const double moving = detail::lane_sum(n, [&](std::size_t i) { return goes_up(i) ? 0.0 : 1.0; });
                scale = static_cast<float>(1 / std::max(moving / static_cast<double>(n), floor));
            }
            for (std::size_t i = 0; i < n; ++i) w[i] = goes_up(i) ? old[i] : old[i] + scale * (w[i] - old[i]);
        });
    }
}

}  // namespace etude
