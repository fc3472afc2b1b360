// framework/data/curves.hpp - points along curves of the plane, with noise: moons and spirals.
#pragma once
#include "data/blobs.hpp"

namespace etude {

/// As sklearn.datasets.make_moons(samples, noise=..., random_state=...): two half circles, class 0 above and class 1 below, shifted into each
/// other; shuffled, then noise is added. scikit-learn's numbers up to the last bit of sin and cos, which NumPy computes in several ways.
LabelledPoints make_moons(std::size_t samples, double noise, std::uint32_t random_state);

struct SpiralSettings {
    std::size_t samples = 200, arms = 2;
    double turns = 1.5;  ///< of an arm, from the centre to its end
    double noise = 0.02; ///< standard deviation of each coordinate
    std::uint32_t random_state = 0;
};
/// Spirals of Archimedes around the origin, a class each (after Lang & Witbrock 1988, "Learning to tell two spirals apart", whose two arms have
/// three turns and no noise). Arm c of k, with t uniform in [0, 1): angle 2 pi (turns t + c / k), radius t; noise of a normal distribution is added
/// to both coordinates. The first samples % k arms have one point more. Rows are shuffled. Numbers are those of base/random.hpp.
LabelledPoints make_spirals(const SpiralSettings& settings);

}  // namespace etude
