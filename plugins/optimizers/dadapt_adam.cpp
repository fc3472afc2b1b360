#include <etude/plugin.hpp>

/// D = d lr c,   c = sqrt(1 - prod b2) / (1 - prod b1) with bias_correction, else 1;   k = sqrt(b2);   <,> and |.|_1 over all weights
/// num <- k num + (1-k) D <g, s / (sqrt(v) + eps)>   (the old s and v)
/// m <- b1 m + (1-b1) D g        v <- b2 v + (1-b2) g^2        s <- k s + (1-k) D g
/// d^ = num / ((1-k) |s|_1)        d <- max(d, min(d^, growth_rate d))
/// w <- w - m / (sqrt(v) + eps);   weight decay is multiplied by D
///
/// The rate is a multiplier: leave it at 1; it lies inside the momentum. Where implementations differ: the authors' code corrects no bias and has
/// its decay in the gradient unless asked, Optax always corrects and decays the weights. An update without a gradient anywhere leaves d alone.
struct DAdaptAdam {
    using Decay = etude::WeightDecay;

    double beta1 = 0.9, beta2 = 0.999, eps = 1e-8, d0 = 1e-6, growth_rate = etude::infinity;
    bool bias_correction = false;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    struct State : etude::BetaProducts { double d = 0, numerator = 0; };

    static constexpr auto name = "dadapt_adam";
    static constexpr auto summary = "Adam that estimates its rate from the gradients' products.";
    static constexpr auto source = "Defazio & Mishchenko 2023, arXiv:2301.07733, algorithm 5";
    static constexpr double lr = 1.0;
    static constexpr auto slots = etude::names("m", "v", "sum");
    static constexpr bool global = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta1", &DAdaptAdam::beta1, etude::right_open(0, 1), "Decay of the mean of gradients."),
                       etude::param("beta2", &DAdaptAdam::beta2, etude::right_open(0, 1), "Decay of the mean of squares; its root that of the sums."),
                       etude::param("eps", &DAdaptAdam::eps, etude::closed(0, 1), "Added to the root."),
                       etude::param("d0", &DAdaptAdam::d0, etude::open(0, etude::infinity), "First estimate of the distance; rather too small."),
                       etude::param("growth_rate", &DAdaptAdam::growth_rate, etude::left_open(1, etude::infinity),
                                    "Largest growth of the estimate in one update; inf does not bound it."),
                       etude::param("bias_correction", &DAdaptAdam::bias_correction, "Correct the bias of both means, as Adam does.")},
            etude::weight_decay_params<DAdaptAdam>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("optax", DAdaptAdam{.bias_correction = true, .weight_decay_form = Decay::decoupled},
                                        "optax.contrib.dadapt_adamw: bias corrected, decay off the weights.").lr(1.0),
                          etude::preset("paper", DAdaptAdam{}, "The numbers of the authors' code.").lr(1.0)};
    }
    static constexpr auto state() {
        return std::tuple_cat(etude::BetaProducts::table(),
                              std::tuple{etude::scalar("d", &State::d), etude::scalar("numerator", &State::numerator)});
    }

    void step(const etude::Step& s, State& state) const {
        if (s.index == 0) state.d = d0;
        state.product1 *= beta1;
        state.product2 *= beta2;
        const double rate = state.d * s.lr * (bias_correction ? std::sqrt(1 - state.product2) / (1 - state.product1) : 1.0), keep = std::sqrt(beta2);
        const etude::DecayFactors decay = etude::decay_factors(s, weight_decay, weight_decay_form, rate);
        const float penalty = decay.penalty, e = etude::denominator_eps(eps);
        const float *w = s.weights, *g = s.gradients, *square = s.slots[1], *sums = s.slots[2];

        const double product = etude::Step::sum(0, s.n, [=](std::size_t i) {
            return double(g[i] + penalty * w[i]) * double(sums[i] / (std::sqrt(square[i]) + e));
        });
        state.numerator = keep * state.numerator + (1 - keep) * rate * product;
        const float b1 = float(beta1), a1 = float(rate * (1 - beta1)), b2 = float(beta2), a2 = float(1 - beta2);
        const float k = float(keep), share = float(rate * (1 - keep));
        s.each([=](float& weight, float gradient, float& m, float& v, float& sum) {
            const float q = gradient + penalty * weight;
            m = b1 * m + a1 * q;
            v = b2 * v + a2 * (q * q);
            sum = k * sum + share * q;
        });
        const double length = etude::Step::sum(0, s.n, [=](std::size_t i) { return std::abs(double(sums[i])); });
        if (length == 0) return;
        if (s.lr > 0) state.d = std::max(state.d, std::min(state.numerator / ((1 - keep) * length), state.d * growth_rate));
        etude::each_decayed_by(s, {0, s.n}, {.before = decay.before, .after = decay.after}, [=](float& weight, float, float& m, float& v) {
            weight -= m / (std::sqrt(v) + e);
        });
    }
};
ETUDE_PLUGIN(DAdaptAdam)
