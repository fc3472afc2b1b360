#include <etude/plugin.hpp>

#include <cmath>

/// lr = base / sqrt(1 + x / timescale)
///
/// With the host's `warmup: {length: W}` before it, x = t - W and this is base / sqrt((t + timescale - W) / timescale), the base at t = W.
/// Where implementations differ: in transformers (and big_vision) timescale is W unless given, and 10000 without warm-up; a schedule does
/// not see the host's warm-up, so write `timescale: W` for the former. Their warm-up is half-open.
struct InverseSqrt {
    etude::Length timescale = etude::updates(10000);

    static constexpr auto name = "inverse_sqrt";
    static constexpr auto summary = "The base rate over the root of the time passed.";
    static constexpr auto source = "Zhai et al. 2022, arXiv:2106.04560; transformers get_inverse_sqrt_schedule";
    static constexpr auto params() {
        return std::tuple{etude::param("timescale", &InverseSqrt::timescale, etude::open(0, etude::infinity),
                                       "After three of these the rate is half the base; often as long as the warm-up.")};
    }
    double factor(const etude::Clock& clock) const { return 1.0 / std::sqrt((clock.x + timescale.amount) / timescale.amount); }
};
ETUDE_PLUGIN(InverseSqrt)
