#include <etude/plugin.hpp>

/// m1 <- b1 m1 + (1-b1) g        m2 <- b3 m2 + (1-b3) g        v <- b2 v + (1-b2) g^2
/// w <- w - lr (m1 / (1 - prod b1) + alpha m2) / (sqrt(v / (1 - prod b2)) + eps);   m2 is not corrected: it shall fill slowly
/// During `ramp` = R updates, with a = min(1, n/R) at update n = 1, 2, ...:
///   alpha_n = a alpha        b3_n = exp(ln b1 ln b3 / ((1-a) ln b3 + a ln b1)): its half-life grows evenly from that of b1
///
/// Where implementations differ: the paper always ramps, over the whole run (preset paper); Optax and timm do not unless told to. timm's decay
/// is .01.
struct AdEMAMix {
    using Decay = etude::WeightDecay;
    using State = etude::BetaProducts;

    double beta1 = 0.9, beta2 = 0.999, beta3 = 0.9999, alpha = 5, eps = 1e-8;
    etude::Length ramp = etude::updates(0);
    double weight_decay = 0;
    Decay weight_decay_form = Decay::decoupled;

    static constexpr auto name = "ademamix";
    static constexpr auto summary = "Adam with a second, very slow mean of gradients.";
    static constexpr auto source = "Pagliardini, Ablin & Grangier 2024, arXiv:2409.03137, algorithm 1";
    static constexpr double lr = 1e-3;
    static constexpr auto slots = etude::names("fast", "slow", "v");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta1", &AdEMAMix::beta1, etude::open(0, 1), "Decay of the fast mean of gradients."),
                       etude::param("beta2", &AdEMAMix::beta2, etude::right_open(0, 1), "Decay of the mean of squares."),
                       etude::param("beta3", &AdEMAMix::beta3, etude::open(0, 1), "Decay of the slow mean of gradients."),
                       etude::param("alpha", &AdEMAMix::alpha, etude::right_open(0, etude::infinity), "Weight of the slow mean; 0 gives adamw."),
                       etude::param("eps", &AdEMAMix::eps, etude::closed(0, 1), "Added to the root after bias correction."),
                       etude::param("ramp", &AdEMAMix::ramp, "Updates over which alpha rises from 0 and beta3 from beta1; 0 begins with both.")},
            etude::weight_decay_params<AdEMAMix>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("optax", AdEMAMix{}, "optax.contrib.ademamix; it has no default rate."),
                          etude::preset("timm", AdEMAMix{.weight_decay = 0.01}, "Decay .01.").lr(1e-3),
                          etude::preset("paper", AdEMAMix{.ramp = etude::whole_run}, "Ramps over the whole run.").lr(1e-3)};
    }
    static constexpr auto state() { return State::table(); }

    void step(const etude::Step& s, State& state) const {
        state.product1 *= beta1;
        state.product2 *= beta2;
        const double n = double(s.index) + 1, a = n < ramp.amount ? n / ramp.amount : 1.0;
        const double slow = a < 1 ? std::exp(std::log(beta1) * std::log(beta3) / ((1 - a) * std::log(beta3) + a * std::log(beta1))) : beta3;
        const float b1 = float(beta1), a1 = float(1 - beta1), b2 = float(beta2), a2 = float(1 - beta2), b3 = float(slow), a3 = float(1 - slow);
        const float of_fast = float(s.lr / (1 - state.product1)), of_slow = float(s.lr * a * alpha);
        const float u = float(1 / (1 - state.product2)), e = etude::denominator_eps(eps);
        etude::each_decayed(s, *this, [=](float& w, float g, float& fast, float& mean, float& v) {
            fast = b1 * fast + a1 * g;
            mean = b3 * mean + a3 * g;
            v = b2 * v + a2 * (g * g);
            w -= (of_fast * fast + of_slow * mean) / (std::sqrt(v * u) + e);
        });
    }
};
ETUDE_PLUGIN(AdEMAMix)
