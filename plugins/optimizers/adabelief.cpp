#include <etude/plugin.hpp>

/// m <- b1 m + (1-b1) g        s <- b2 s + (1-b2) (g - m)^2 + eps   (the new m)
/// w <- w - lr m^ / (sqrt(s^) + eps),   m^ = m / (1 - prod b1),   s^ = s / (1 - prod b2)
/// rectify: as radam with threshold 5: w <- w - lr r_n m^ sqrt(1 - prod b2) / (sqrt(s) + eps), at first w - lr m^
///
/// eps stands inside the recursion: it adds up to eps / (1-b2). Where implementations differ: the authors' code since 0.2 and timm rectify and
/// take decay off the weights; Optax and MXNet do neither, and MXNet has eps 1e-6 (and takes its decay before clipping).
struct AdaBelief {
    using Decay = etude::WeightDecay;
    using State = etude::BetaProducts;

    double beta1 = 0.9, beta2 = 0.999, eps = 1e-16;
    bool rectify = false;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::decoupled;

    static constexpr auto name = "adabelief";
    static constexpr auto summary = "Adam divided by the root of how far gradients lie from their mean.";
    static constexpr auto source = "Zhuang et al. 2020, arXiv:2010.07468, algorithm 2";
    static constexpr double lr = 1e-3;
    static constexpr auto slots = etude::names("m", "s");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta1", &AdaBelief::beta1, etude::right_open(0, 1), "Decay of the mean of gradients."),
                       etude::param("beta2", &AdaBelief::beta2, etude::right_open(0, 1), "Decay of the mean of squared deviations."),
                       etude::param("eps", &AdaBelief::eps, etude::closed(0, 1), "Added to the mean of squares at every update, and to the root."),
                       etude::param("rectify", &AdaBelief::rectify, "Rectify the early steps as radam does.")},
            etude::weight_decay_params<AdaBelief>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("optax", AdaBelief{}, "optax.adabelief; it has no default rate."),
                          etude::preset("mxnet", AdaBelief{.eps = 1e-6, .weight_decay_form = Decay::l2}, "eps 1e-6, decay in the gradient.").lr(1e-3),
                          etude::preset("timm", AdaBelief{.rectify = true}, "Rectified, as the authors' code since 0.2.").lr(1e-3),
                          etude::preset("paper", AdaBelief{}, "Algorithm 2, eps 1e-16.").lr(1e-3)};
    }
    static constexpr auto state() { return State::table(); }

    void step(const etude::Step& s, State& state) const {
        state.product1 *= beta1;
        state.product2 *= beta2;
        const float b1 = float(beta1), a1 = float(1 - beta1), b2 = float(beta2), a2 = float(1 - beta2), e = etude::denominator_eps(eps);
        const double r = rectify ? etude::rectifier(beta2, state.product2, double(s.index) + 1, 5.0) : 0.0;
        const double rate = s.lr / (1 - state.product1), unbias = std::sqrt(1 - state.product2);
        if (rectify && r == 0) {
            const float scale = float(rate);
            etude::each_decayed(s, *this, [=](float& w, float g, float& m, float& v) {
                m = b1 * m + a1 * g;
                v = b2 * v + a2 * ((g - m) * (g - m)) + e;
                w -= scale * m;
            });
        } else {
            const float scale = float(rectify ? rate * r * unbias : rate), u = float(rectify ? 1.0 : 1 / (unbias * unbias));
            etude::each_decayed(s, *this, [=](float& w, float g, float& m, float& v) {
                m = b1 * m + a1 * g;
                v = b2 * v + a2 * ((g - m) * (g - m)) + e;
                w -= scale * m / (std::sqrt(v * u) + e);
            });
        }
    }
};
ETUDE_PLUGIN(AdaBelief)
