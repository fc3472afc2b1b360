#include <etude/plugin.hpp>
#include <cmath>

/// lr = base (shift + k x)^-p
///
/// Where implementations differ: Dive into Deep Learning's square root has p .5, k 1, shift 1, the defaults. Caffe's `inv` names k gamma
/// and p power. scikit-learn's `invscaling` counts from 1, which shift 1 does too. The sum of rates diverges and that of their squares
/// converges (Robbins & Monro) for .5 < p <= 1.
struct PowerDecay {
    double p = 0.5, k = 1, shift = 1;

    static constexpr auto name = "power_decay";
    static constexpr auto summary = "The rate times a negative power of the time passed.";
    static constexpr auto source = "Robbins & Monro 1951; Zhang et al., Dive into Deep Learning, sec. 12.11";
    static constexpr auto params() {
        return std::tuple{etude::param("p", &PowerDecay::p, etude::left_open(0, 1), "The power; .5 is the inverse root, 1 the inverse of time."),
                          etude::param("k", &PowerDecay::k, etude::open(0, etude::infinity), "Speed of time, per tick of the schedule's unit."),
                          etude::param("shift", &PowerDecay::shift, etude::open(0, etude::infinity),
                                       "Where time begins; 1 begins at the base rate.")};
    }
    double factor(const etude::Clock& clock) const { return std::pow(shift + k * clock.x, -p); }
};
ETUDE_PLUGIN(PowerDecay)
