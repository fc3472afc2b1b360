#include <etude/plugin.hpp>

/// v <- b2 v + (1-b2) g^2        q = g / (sqrt(v / (1 - prod b2)) + eps)
/// buffer:    m <- b1 m + (1-b1) q           w <- w - lr m / (1 - prod b1)
/// velocity:  m <- b1 m + (1-b1) lr q        w <- w - m lr / L,   L the same mean of the rates
///
/// The momentum is of normalised gradients, so that its decay and that of the squares need not fit each other. Where implementations
/// differ: the paper's algorithm has the rate outside the momentum, the authors' code and timm inside; at a constant rate they agree.
/// Those take the decay off the weight after the step, here before.
struct LaProp {
    enum class Form { buffer, velocity };
    static constexpr auto forms = etude::names("buffer", "velocity");
    using Decay = etude::WeightDecay;

    double beta1 = 0.9, beta2 = 0.999, eps = 1e-15;
    Form momentum_form = Form::buffer;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::decoupled;

    struct State { double product1 = 1, product2 = 1, mean_rate = 0; };

    static constexpr auto name = "laprop";
    static constexpr auto summary = "Adam with the mean taken after the division.";
    static constexpr auto source = "Ziyin, Wang & Ueda 2020, arXiv:2002.04839, algorithm 1";
    static constexpr double lr = 4e-4;
    static constexpr auto slots = etude::names("m", "v");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta1", &LaProp::beta1, etude::right_open(0, 1), "Decay of the mean of normalised gradients."),
                       etude::param("beta2", &LaProp::beta2, etude::right_open(0, 1), "Decay of the mean of squares."),
                       etude::param("eps", &LaProp::eps, etude::closed(0, 1), "Added to the root after bias correction."),
                       etude::param("momentum_form", &LaProp::momentum_form, forms,
                                    "buffer: the rate outside the mean (the paper); velocity: inside (timm).")},
            etude::weight_decay_params<LaProp>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("timm", LaProp{.momentum_form = Form::velocity}, "The rate inside the mean.").lr(4e-4),
                          etude::preset("paper", LaProp{}, "Algorithm 1 with the numbers of the authors' code.").lr(4e-4)};
    }
    static constexpr auto state() {
        return std::tuple{etude::scalar("product1", &State::product1), etude::scalar("product2", &State::product2),
                          etude::scalar("mean_rate", &State::mean_rate)};
    }

    void step(const etude::Step& s, State& state) const {
        state.product1 *= beta1;
        state.product2 *= beta2;
        state.mean_rate = beta1 * state.mean_rate + (1 - beta1) * s.lr;
        const bool inside = momentum_form == Form::velocity;
        const double take = inside ? (1 - beta1) * s.lr : 1 - beta1;
        const double out = !inside ? s.lr / (1 - state.product1) : state.mean_rate > 0 ? s.lr / state.mean_rate : 0.0;
        const float b1 = float(beta1), a1 = float(take), b2 = float(beta2), a2 = float(1 - beta2), rate = float(out);
        const float u = float(1 / (1 - state.product2)), e = etude::denominator_eps(eps);
        etude::each_decayed(s, *this, [=](float& w, float g, float& m, float& v) {
            v = b2 * v + a2 * (g * g);
            m = b1 * m + a1 * (g / (std::sqrt(v * u) + e));
            w -= rate * m;
        });
    }
};
ETUDE_PLUGIN(LaProp)
