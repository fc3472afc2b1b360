#include <etude/plugin.hpp>

/// m <- b1 m + (1-b1) g        v <- v - (1-b2) sign(v - g^2) g^2
/// w <- w - lr m / (sqrt(v) + eps);   bias_correction: m / (1 - prod b1) and v / (1 - prod b2) in their places
/// v begins at `accumulator`, m at `mean`.
///
/// Where implementations differ: the paper corrects no bias, Optax does, and lets m begin at 1e-6 too.
struct Yogi {
    using Decay = etude::WeightDecay;
    using State = etude::BetaProducts;

    double beta1 = 0.9, beta2 = 0.999, eps = 1e-3, accumulator = 1e-6, mean = 0;
    bool bias_correction = false;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    static constexpr auto name = "yogi";
    static constexpr auto summary = "Adam whose mean of squares moves by the new square, however far it is from it.";
    static constexpr auto source = "Zaheer et al. 2018, Adaptive Methods for Nonconvex Optimization, NeurIPS, algorithm 2";
    static constexpr double lr = 0.01;
    static constexpr auto slots = etude::names("m", "v");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta1", &Yogi::beta1, etude::right_open(0, 1), "Decay of the mean of gradients."),
                       etude::param("beta2", &Yogi::beta2, etude::right_open(0, 1), "1 minus the share of the new square."),
                       etude::param("eps", &Yogi::eps, etude::closed(0, 1), "Added to the root."),
                       etude::param("accumulator", &Yogi::accumulator, etude::right_open(0, etude::infinity),
                                    "The mean of squares before the first update."),
                       etude::param("mean", &Yogi::mean, etude::right_open(0, etude::infinity), "The mean of gradients before the first update."),
                       etude::param("bias_correction", &Yogi::bias_correction, "Divide both means by 1 - the product of their betas (Optax).")},
            etude::weight_decay_params<Yogi>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("optax", Yogi{.mean = 1e-6, .bias_correction = true}, "optax.yogi; it has no default rate."),
                          etude::preset("paper", Yogi{}, "Algorithm 2 with the rate and eps of its experiments.").lr(0.01)};
    }
    static constexpr auto state() { return State::table(); }

    void step(const etude::Step& s, State& state) const {
        state.product1 *= beta1;
        state.product2 *= beta2;
        const bool first = s.index == 0;  // slots begin at 0
        const float m0 = first ? float(mean) : 0.0f, v0 = first ? float(accumulator) : 0.0f;
        const float b1 = float(beta1), a1 = float(1 - beta1), a2 = float(1 - beta2), e = etude::denominator_eps(eps);
        const float rate = float(bias_correction ? s.lr / (1 - state.product1) : s.lr), u = float(bias_correction ? 1 / (1 - state.product2) : 1.0);
        etude::each_decayed(s, *this, [=](float& w, float g, float& m, float& v) {
            const float square = g * g, before = v + v0;
            m = b1 * (m + m0) + a1 * g;
            v = before - a2 * (etude::sign(before - square) * square);
            w -= rate * m / (std::sqrt(v * u) + e);
        });
    }
};
ETUDE_PLUGIN(Yogi)
