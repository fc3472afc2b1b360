#include <etude/plugin.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

/// Warm-up (the host's `warmup:`), then stable, then decay:   lr = end + (base - end) f,   f = 1 until `stable` has passed, then with q the
/// position in `decay`, which by default is the last part of the time this schedule has,
///   linear  1 - q        cosine    (1 + cos(pi q)) / 2        exp             2 (1/2)^q - 1
///   1-sqrt  1 - sqrt q   1-square  1 - q^2                    inverse_linear  lr = 1 / ((1 - q) / base + q / end), needs an end above 0
///
/// Where implementations differ: transformers is half-open, its decay a cosine unless told, its warm-up begins at `end`. MiniCPM's decay is
/// (1/2)^q with q in units of a half-life; exp is that, stretched so as to reach `end` (as Megatron does). pytorch_optimizer brings `end`
/// into the cosine only: its other shapes fall to 0 and then jump up to it; here every shape ends at `end`. Trapezoidal is decay_shape: linear.
struct Wsd {
    enum class Shape { linear, cosine, one_minus_sqrt, one_minus_square, exp, inverse_linear };
    static constexpr auto shapes = etude::names("linear", "cosine", "1-sqrt", "1-square", "exp", "inverse_linear");

    etude::Length decay = etude::ticks(1), stable = etude::ticks(etude::infinity);
    double end = 0;
    Shape decay_shape = Shape::one_minus_sqrt;

    static constexpr auto name = "wsd";
    static constexpr auto summary = "Warm-up, stable, decay: the base rate for most of the run, then down to `end`.";
    static constexpr auto source = "Hu et al. 2024, arXiv:2404.06395, sec. 4.2; Hägele et al. 2024, arXiv:2405.18392 (1-sqrt)";
    static constexpr auto params() {
        using etude::closed, etude::open, etude::infinity;
        return std::tuple{
            etude::param("decay", &Wsd::decay, open(0, infinity), "How long the rate falls, at the end of the run.").required(),
            etude::param("stable", &Wsd::stable, closed(0, infinity),
                         "How long the base rate is held before it falls; infinite is what decay leaves of the run."),
            etude::rate("end", &Wsd::end, "Rate at the end of the decay; held after it."),
            etude::param("decay_shape", &Wsd::decay_shape, shapes, "How it falls; 1-sqrt fast at first, 1-square late.")};
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("transformers", Wsd{.decay_shape = Shape::cosine}, "get_wsd_schedule").ends(etude::Ends::half_open)};
    }
    void check() const {
        if (decay_shape == Shape::inverse_linear && end <= 0.0) throw std::invalid_argument("decay_shape inverse_linear needs an end above 0");
    }
    double factor(const etude::Clock& clock) const {
        const double begin = std::isinf(stable.amount) ? std::max(0.0, clock.span - decay.amount) : stable.amount;
        const double q = clock.position(decay, begin), floor = end / clock.base_lr;
        if (decay_shape == Shape::inverse_linear) return 1.0 / ((1.0 - q) + q / floor);
        return floor + (1.0 - floor) * share(q);
    }

  private:
    /// What is left of the height above `end`.
    double share(double q) const {
        switch (decay_shape) {
            case Shape::linear: return 1.0 - q;
            case Shape::cosine: return (1.0 + std::cos(std::numbers::pi * q)) / 2.0;
            case Shape::one_minus_sqrt: return 1.0 - std::sqrt(q);
            case Shape::one_minus_square: return 1.0 - q * q;
            case Shape::exp: return 2.0 * std::exp2(-q) - 1.0;
            case Shape::inverse_linear: break;
        }
        return 1.0;
    }
};
ETUDE_PLUGIN(Wsd)
