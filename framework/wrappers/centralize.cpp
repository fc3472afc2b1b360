#include "wrappers/centralize.hpp"

#include "wrappers/kernels.hpp"
#include "wrappers/tensors.hpp"

namespace etude {

Centralize::Centralize(const Component& settings, const std::vector<etude_tensor>& tensors, Isa isa) : isa_(isa) {
    const std::uint32_t least_rank = settings.values.flag("conv_only") ? 3 : 2;
    for (const etude_tensor& tensor : tensors)
        if (tensor.rank >= least_rank) tensors_.push_back(tensor);
}

void Centralize::apply(std::span<float> gradients) const {
    for (const etude_tensor& tensor : tensors_) {
        const auto [rows, n] = rows_of(tensor);
        for (std::size_t r = 0; r < rows; ++r) {
            float* const g = gradients.data() + tensor.offset + r * n;
            detail::run_for(isa_, [g, n = n] {
                const float mean = static_cast<float>(detail::lane_sum(n, [g](std::size_t i) { return double{g[i]}; }) / static_cast<double>(n));
                for (std::size_t i = 0; i < n; ++i) g[i] -= mean;
            });
        }
    }
}

}  // namespace etude
