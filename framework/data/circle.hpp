// framework/data/circle.hpp - points of the unit square; label 1 outside the unit circle (the "learning-rate annealing" tutorial).
#pragma once
#include "data/blobs.hpp"

namespace etude {

/// As numpy.random.seed(random_state); x = numpy.random.rand(samples, 2); label = x0^2 + x1^2 > 1.
LabelledPoints make_circle(std::size_t samples, std::uint32_t random_state);

}  // namespace etude
