#include <etude/plugin.hpp>

/// m <- b1 m + (1-b1) g        v <- b2 v + (1-b2) g^2        m^ = m / (1 - prod b1)        v^ = v / (1 - prod b2)
/// rho_n = rho - 2 n prod b2 / (1 - prod b2),   rho = 2 / (1-b2) - 1
/// rho_n > threshold:  w <- w - lr r_n m^ / (sqrt(v^) + eps)  (outside)   or   w - lr r_n m^ sqrt(1 - prod b2) / (sqrt(v) + eps)  (hat)
///                     r_n = sqrt((rho_n-4) (rho_n-2) rho / ((rho-4) (rho-2) rho_n))
/// else:               w <- w - lr m^
///
/// Where implementations differ: PyTorch and the authors' code add eps to the uncorrected root (hat), Optax and fastai to the corrected
/// one. The threshold is 4 in the paper, 5 in PyTorch, fastai and Optax (where rho_n = 5 exactly counts as above: it does not happen).
struct RAdam {
    using Decay = etude::WeightDecay;
    using EpsPlace = etude::AdamEps;
    using State = etude::BetaProducts;

    double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
    EpsPlace eps_place = EpsPlace::hat;
    double threshold = 5;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    static constexpr auto name = "radam";
    static constexpr auto summary = "Adam that begins as momentum and rectifies the variance of its early steps.";
    static constexpr auto source = "Liu et al. 2020, arXiv:1908.03265, algorithm 2";
    static constexpr double lr = 1e-3;
    static constexpr auto slots = etude::names("m", "v");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta1", &RAdam::beta1, etude::right_open(0, 1), "Decay of the mean of gradients."),
                       etude::param("beta2", &RAdam::beta2, etude::right_open(0, 1), "Decay of the mean of squares; up to .6 no step is rectified."),
                       etude::param("eps", &RAdam::eps, etude::closed(0, 1), "Added to the root."),
                       etude::param("eps_place", &RAdam::eps_place, etude::adam_eps_places,
                                    "After bias correction (Optax, fastai), or before it (hat: PyTorch, the authors)."),
                       etude::param("threshold", &RAdam::threshold, etude::right_open(4, etude::infinity),
                                    "Length of the mean of squares, in updates, from which on steps are divided by its root.")},
            etude::weight_decay_params<RAdam>());
    }
    static constexpr auto presets() {
        return std::tuple{
            etude::preset("pytorch", RAdam{}, "The plain defaults.").lr(1e-3),
            etude::preset("optax", RAdam{.eps_place = EpsPlace::outside}, "eps on the corrected root; it has no default rate."),
            etude::preset("fastai", RAdam{.beta2 = 0.99, .eps = 1e-5, .eps_place = EpsPlace::outside, .weight_decay_form = Decay::decoupled},
                          "Shorter memory of squares, larger eps; the rate is the Learner's.").lr(1e-3),
            etude::preset("paper", RAdam{.threshold = 4}, "Rectifies from a length of 4 on.").lr(1e-3)};
    }
    static constexpr auto state() { return State::table(); }

    void step(const etude::Step& s, State& state) const {
        state.product1 *= beta1;
        state.product2 *= beta2;
        const double r = etude::rectifier(beta2, state.product2, double(s.index) + 1, threshold), unbias = std::sqrt(1 - state.product2);
        const bool hat = eps_place == EpsPlace::hat;
        const float b1 = float(beta1), a1 = float(1 - beta1), b2 = float(beta2), a2 = float(1 - beta2);
        const double rate = s.lr / (1 - state.product1);
        if (r > 0) {
            const float scale = float(rate * r * (hat ? unbias : 1.0)), u = float(hat ? 1.0 : 1 / (unbias * unbias)), e = etude::denominator_eps(eps);
            etude::each_decayed(s, *this, [=](float& w, float g, float& m, float& v) {
                m = b1 * m + a1 * g;
                v = b2 * v + a2 * (g * g);
                w -= scale * m / (std::sqrt(v * u) + e);
            });
        } else {
            const float scale = float(rate);
            etude::each_decayed(s, *this, [=](float& w, float g, float& m, float& v) {
                m = b1 * m + a1 * g;
                v = b2 * v + a2 * (g * g);
                w -= scale * m;
            });
        }
    }
};
ETUDE_PLUGIN(RAdam)
