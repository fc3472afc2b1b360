// framework/train/landscape.hpp - a slice of the loss around the weights of a trained network.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/spec.hpp"
#include "plugin/batch_loss.hpp"

namespace etude {

/// What a slice looks like: `points` on each of `dimensions` axes, evenly from -span to span.
struct LandscapeSpec {
    std::size_t dimensions = 1;  ///< 1 or 2
    std::size_t points = 25;     ///< odd, so that the weights themselves are one of them
    double span = 1;             ///< 1: as far as the weights are long
    std::size_t size() const { return dimensions == 2 ? points * points : points; }
    /// Of point `i` of an axis.
    double coordinate(std::size_t i) const { return span * (2 * static_cast<double>(i) / static_cast<double>(points - 1) - 1); }
    bool operator==(const LandscapeSpec&) const = default;
};

/// Losses at weights + a d1 (+ b d2), [points] or [points, points] with b the row; not finite where the network has none.
struct Landscape {
    LandscapeSpec spec;
    std::vector<double> losses;
};

/// Directions are normal numbers of (seed, "landscape", axis), scaled row by row: each output's weights of a matrix or convolution get a direction
/// as long as they are, biases and the vectors of norms none ("filter normalisation", Li et al. 2018, arXiv:1712.09913, section 4). Where two
/// rates end in basins of different width, slices of one scale can be compared.
Landscape loss_slice(BatchLoss& loss, std::span<const float> weights, const std::vector<TensorInfo>& tensors, const LandscapeSpec& spec,
                     std::uint64_t seed);

}  // namespace etude
