#include "train/landscape.hpp"

#include <cmath>

#include "base/random.hpp"

namespace etude {
namespace {

double length_of(std::span<const float> row) {
    double square = 0;
    for (const float x : row) square += static_cast<double>(x) * x;
    return std::sqrt(square);
}

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

double coordinate(const LandscapeSpec& spec, std::size_t i) {
    return spec.span * (2 * static_cast<double>(i) / static_cast<double>(spec.points - 1) - 1);
}

}  // namespace

Landscape loss_slice(BatchLoss& loss, std::span<const float> weights, const std::vector<TensorInfo>& tensors, const LandscapeSpec& spec,
                     std::uint64_t seed) {
    const std::vector<float> across = direction(weights, tensors, seed, 0);
    const std::vector<float> up = spec.dimensions == 2 ? direction(weights, tensors, seed, 1) : std::vector<float>(weights.size());
    Landscape landscape{spec, {}};
    std::vector<float> point(weights.size());
    const std::size_t rows = spec.dimensions == 2 ? spec.points : 1;
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t column = 0; column < spec.points; ++column) {
            const double a = coordinate(spec, column), b = spec.dimensions == 2 ? coordinate(spec, row) : 0;
            for (std::size_t i = 0; i < weights.size(); ++i)
                point[i] = static_cast<float>(static_cast<double>(weights[i]) + a * static_cast<double>(across[i]) + b * static_cast<double>(up[i]));
            landscape.losses.push_back(loss.loss(point));
        }
    return landscape;
}

}  // namespace etude
