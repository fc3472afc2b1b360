#include <etude/plugin.hpp>

/// d = g - g_before (0 the first time)
/// m <- b1 m + (1-b1) g        v <- b2 v + (1-b2) d        n <- b3 n + (1-b3) (g + b2 d)^2
/// w <- w - lr (m^ + b2 v^) / (sqrt(n^) + eps),   each divided by 1 - its product of betas;   then w <- w / (1 + lr wd)
///
/// The betas are decays, as in the authors' code; the paper writes their complements (.02 .08 .01). Where implementations differ: Optax
/// has 1 - b2 where b2 is meant, twice (its pull request 1715), which is not followed here. The authors' no_prox takes the decay off the weight
/// before the step: weight_decay_form decoupled.
struct Adan {
    using Decay = etude::WeightDecay;

    double beta1 = 0.98, beta2 = 0.92, beta3 = 0.99, eps = 1e-8;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::proximal;

    struct State { double product1 = 1, product2 = 1, product3 = 1; };

    static constexpr auto name = "adan";
    static constexpr auto summary = "Adam with a mean of gradient differences for Nesterov's momentum.";
    static constexpr auto source = "Xie et al. 2022, arXiv:2208.06677, algorithm 1";
    static constexpr double lr = 1e-3;
    static constexpr auto slots = etude::names("m", "v", "n", "previous");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta1", &Adan::beta1, etude::right_open(0, 1), "Decay of the mean of gradients."),
                       etude::param("beta2", &Adan::beta2, etude::right_open(0, 1), "Decay of the mean of gradient differences."),
                       etude::param("beta3", &Adan::beta3, etude::right_open(0, 1), "Decay of the mean of squares."),
                       etude::param("eps", &Adan::eps, etude::closed(0, 1), "Added to the root after bias correction.")},
            etude::weight_decay_params<Adan>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("optax", Adan{.weight_decay_form = Decay::decoupled},
                                        "The numbers of optax.adan without its slip; it has no default rate."),
                          etude::preset("timm", Adan{}, "The plain defaults.").lr(1e-3),
                          etude::preset("paper", Adan{.weight_decay = 0.02}, "Algorithm 1 with the decay of its experiments.").lr(1e-3)};
    }
    static constexpr auto state() {
        return std::tuple{etude::scalar("product1", &State::product1), etude::scalar("product2", &State::product2),
                          etude::scalar("product3", &State::product3)};
    }

    void step(const etude::Step& s, State& state) const {
        state.product1 *= beta1;
        state.product2 *= beta2;
        state.product3 *= beta3;
        const float b1 = float(beta1), a1 = float(1 - beta1), b2 = float(beta2), a2 = float(1 - beta2), b3 = float(beta3), a3 = float(1 - beta3);
        const float of_mean = float(s.lr / (1 - state.product1)), of_difference = float(s.lr * beta2 / (1 - state.product2));
        const float u = float(1 / (1 - state.product3)), e = etude::denominator_eps(eps), differs = s.index == 0 ? 0.0f : 1.0f;
        etude::each_decayed(s, *this, [=](float& w, float g, float& m, float& v, float& n, float& previous) {
            const float d = differs * (g - previous), ahead = g + b2 * d;
            m = b1 * m + a1 * g;
            v = b2 * v + a2 * d;
            n = b3 * n + a3 * (ahead * ahead);
            previous = g;
            w -= (of_mean * m + of_difference * v) / (std::sqrt(n * u) + e);
        });
    }
};
ETUDE_PLUGIN(Adan)
