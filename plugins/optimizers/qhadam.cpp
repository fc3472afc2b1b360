#include <etude/plugin.hpp>

/// m <- b1 m + (1-b1) g        v <- b2 v + (1-b2) g^2        m^ = m / (1 - prod b1)        v^ = v / (1 - prod b2)
/// w <- w - lr ((1-nu1) g + nu1 m^) / (sqrt((1-nu2) g^2 + nu2 v^) + eps)
/// nu1 = nu2 = 1 is adam; nu1 = beta1, nu2 = 1 nearly nadam; nu1 = nu2 = 0 steps by the gradient's sign.
///
/// Where implementations differ: the authors' code begins with nu1 = nu2 = 1 and beta1 .9, that is Adam; these defaults are those that
/// the paper recommends.
struct QhAdam {
    using Decay = etude::WeightDecay;
    using State = etude::BetaProducts;

    double beta1 = 0.995, beta2 = 0.999, nu1 = 0.7, nu2 = 1.0, eps = 1e-8;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    static constexpr auto name = "qhadam";
    static constexpr auto summary = "Adam with both of its means mixed with the present gradient.";
    static constexpr auto source = "Ma & Yarats 2019, arXiv:1810.06801, eq. 14-15";
    static constexpr double lr = 1e-3;
    static constexpr auto slots = etude::names("m", "v");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta1", &QhAdam::beta1, etude::right_open(0, 1), "Decay of the mean of gradients."),
                       etude::param("beta2", &QhAdam::beta2, etude::right_open(0, 1), "Decay of the mean of squares."),
                       etude::param("nu1", &QhAdam::nu1, etude::closed(0, 1), "Share of the mean of gradients; 0 leaves the gradient alone."),
                       etude::param("nu2", &QhAdam::nu2, etude::closed(0, 1), "Share of the mean of squares; 0 leaves the square alone."),
                       etude::param("eps", &QhAdam::eps, etude::closed(0, 1), "Added to the root.")},
            etude::weight_decay_params<QhAdam>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("paper", QhAdam{}, "The numbers that section 4 recommends.").lr(1e-3)};
    }
    static constexpr auto state() { return State::table(); }

    void step(const etude::Step& s, State& state) const {
        state.product1 *= beta1;
        state.product2 *= beta2;
        const float b1 = float(beta1), a1 = float(1 - beta1), b2 = float(beta2), a2 = float(1 - beta2), e = etude::denominator_eps(eps);
        const float of_gradient = float(s.lr * (1 - nu1)), of_mean = float(s.lr * nu1 / (1 - state.product1));
        const float of_square = float(1 - nu2), u = float(nu2 / (1 - state.product2));
        etude::each_decayed(s, *this, [=](float& w, float g, float& m, float& v) {
            const float square = g * g;
            m = b1 * m + a1 * g;
            v = b2 * v + a2 * square;
            w -= (of_gradient * g + of_mean * m) / (std::sqrt(of_square * square + u * v) + e);
        });
    }
};
ETUDE_PLUGIN(QhAdam)
