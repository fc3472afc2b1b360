#include "train/landscape.hpp"

#include <cmath>

#include "base/random.hpp"
#include "wrappers/kernels.hpp"

namespace etude {
namespace {

double length_of(std::span<const float> row) { return std::sqrt(detail::sum_of_squares(row.data(), row.size())); }

std::vector<float> direction(std::span<const float> weights, const std::vector<TensorInfo>& tensors, std::uint64_t seed, std::uint64_t axis) {
    std::vector<float> all(weights.size());
    Rng rng(seed, "landscape", axis);
    for (const TensorInfo& tensor : tensors) {
        if (tensor.dims.size() < 2) continue;
        const std::size_t rows = tensor.dims.front(), columns = tensor.count / rows;
        for (std::size_t r = 0; r < rows; ++r) {
            const std::span<float> row(all.data() + tensor.offset + r * columns, columns);
            for (float& x : row) x = static_cast<float>(rng.normal());
            const double scale = length_of(weights.subspan(tensor.offset + r * columns, columns)) / length_of(row);
            for (float& x : row) x = static_cast<float>(scale * static_cast<double>(x));
        }
    }
    return all;
}

}  // namespace

Landscape loss_slice(BatchLoss& loss, std::span<const float> weights, const std::vector<TensorInfo>& tensors, const LandscapeSpec& spec,
                     std::uint64_t seed) {
    const std::vector<float> across = direction(weights, tensors, seed, 0);
    const std::vector<float> up = spec.dimensions == 2 ? direction(weights, tensors, seed, 1) : std::vector<float>(weights.size());
    Landscape landscape{spec, {}};
    std::vector<float> point(weights.size());
    for (std::size_t place = 0; place < spec.size(); ++place) {
        const double a = spec.coordinate(place % spec.points), b = spec.dimensions == 2 ? spec.coordinate(place / spec.points) : 0;
        for (std::size_t i = 0; i < weights.size(); ++i)
            point[i] = static_cast<float>(static_cast<double>(weights[i]) + a * static_cast<double>(across[i]) + b * static_cast<double>(up[i]));
        landscape.losses.push_back(loss.loss(point));
    }
    return landscape;
}

}  // namespace etude
