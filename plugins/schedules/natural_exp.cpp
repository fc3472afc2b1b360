#include <etude/plugin.hpp>
#include <cmath>

/// lr = base e^(-k x)
/// The same as `exponential` with rate = e^-k.
struct NaturalExp {
    double k = 0;

    static constexpr auto name = "natural_exp";
    static constexpr auto summary = "The rate decays as e to the minus k x.";
    static constexpr auto source = "TensorFlow 1 natural_exp_decay; Paddle NaturalExpDecay";
    static constexpr auto params() {
        return std::tuple{etude::param("k", &NaturalExp::k, etude::right_open(0, etude::infinity),
                                       "Decay in one tick of the schedule's unit; 0 is none.").required()};
    }
    double factor(const etude::Clock& clock) const { return std::exp(-k * clock.x); }
};
ETUDE_PLUGIN(NaturalExp)
