// framework/train/measurement.hpp - how a network does, at one moment of its training, on each part of its data.
#pragma once
#include <limits>

#include "train/evaluator.hpp"

namespace etude {

/// Not a number for a part that is not there, or that was not looked at.
struct Measurement {
    static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    Evaluation train{unknown, unknown}, test{unknown, unknown}, validation{unknown, unknown};
};

}  // namespace etude
