#include <etude/plugin.hpp>

/// m <- b1 m + (1-b1) g
/// inside:   u <- max(b2 u, |g| + eps)        w <- w - lr / (1 - prod b1) m / u
/// outside:  u <- max(b2 u, |g|)              w <- w - lr / (1 - prod b1) m / (u + eps)
///
/// Where implementations differ: the paper has no eps. PyTorch and Optax add it to the gradient under the maximum, so that it decays
/// with u; Keras and MXNet add it to u. Keras 3 lowered the rate from .002 to .001.
struct Adamax {
    using Decay = etude::WeightDecay;
    using EpsPlace = etude::EpsPlace;

    double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
    EpsPlace eps_place = EpsPlace::inside;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    struct State { double product1 = 1; };

    static constexpr auto name = "adamax";
    static constexpr auto summary = "Adam with the largest recent gradient in place of the root of the mean square.";
    static constexpr auto source = "Kingma & Ba 2015, arXiv:1412.6980, algorithm 2";
    static constexpr double lr = 2e-3;
    static constexpr auto slots = etude::names("m", "u");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta1", &Adamax::beta1, etude::right_open(0, 1), "Decay of the mean of gradients."),
                       etude::param("beta2", &Adamax::beta2, etude::right_open(0, 1), "Decay of the largest gradient."),
                       etude::param("eps", &Adamax::eps, etude::closed(0, 1), "Keeps the denominator from 0."),
                       etude::param("eps_place", &Adamax::eps_place, etude::eps_places,
                                    "inside: added to |g| under the maximum (PyTorch, Optax); outside: added to the maximum (Keras, MXNet).")},
            etude::weight_decay_params<Adamax>());
    }
    static constexpr auto presets() {
        return std::tuple{
            etude::preset("pytorch", Adamax{}, "The plain defaults.").lr(2e-3),
            etude::preset("keras2", Adamax{.eps = 1e-7, .eps_place = EpsPlace::outside}, "eps 1e-7, added at the end.").lr(2e-3),
            etude::preset("keras3", Adamax{.eps = 1e-7, .eps_place = EpsPlace::outside, .weight_decay_form = Decay::decoupled},
                          "As Keras 2 at half the rate; weight decay is off the weights.").lr(1e-3),
            etude::preset("optax", Adamax{}, "optax.adamax; it has no default rate."),
            etude::preset("mxnet", Adamax{.eps_place = EpsPlace::outside}, "eps 1e-8, added at the end.").lr(2e-3),
            etude::preset("paper", Adamax{.eps = 0, .eps_place = EpsPlace::outside}, "No eps.").lr(2e-3)};
    }
    static constexpr auto state() { return std::tuple{etude::scalar("product1", &State::product1)}; }

    void step(const etude::Step& s, State& state) const {
        state.product1 *= beta1;
        const etude::Denominator add(eps, eps_place);
        const float b1 = float(beta1), a1 = float(1 - beta1), b2 = float(beta2), rate = float(s.lr / (1 - state.product1));
        const float in = add.inside, out = add.outside;
        etude::each_decayed(s, *this, [=](float& w, float g, float& m, float& u) {
            m = b1 * m + a1 * g;
            u = std::max(b2 * u, std::abs(g) + in);
            w -= rate * m / (u + out);
        });
    }
};
ETUDE_PLUGIN(Adamax)
