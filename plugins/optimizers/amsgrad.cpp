#include <etude/plugin.hpp>
#include <stdexcept>

/// m <- b1 m + (1-b1) g        v <- b2 v + (1-b2) g^2
/// correction after:   V <- max(V, v)     w <- w - lr m^ / (sqrt(V / (1 - prod b2)) + eps),   m^ = m / (1 - prod b1)
/// correction before:  V <- max(V, v^)    w <- w - lr m^ / (sqrt(V) + eps),                   v^ = v / (1 - prod b2)
/// correction none:    V <- max(V, v)     w <- w - lr m / (sqrt(V) + eps)
/// eps_place hat: eps stands beside the root before its correction, that is eps / sqrt(1 - prod b2) above.
///
/// Where implementations differ: the paper corrects no bias; PyTorch and Keras take the maximum of the uncorrected v and correct that,
/// so a large early gradient weighs less and less; Optax takes the maximum of the corrected v^. Keras has the epsilon-hat of 1e-7.
struct AmsGrad {
    enum class Correction { after, before, none };
    static constexpr auto corrections = etude::names("after", "before", "none");
    using Decay = etude::WeightDecay;
    using EpsPlace = etude::AdamEps;
    using State = etude::BetaProducts;

    double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
    EpsPlace eps_place = EpsPlace::outside;
    Correction correction = Correction::after;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    static constexpr auto name = "amsgrad";
    static constexpr auto summary = "Adam with the largest mean of squares so far, so that steps never grow back.";
    static constexpr auto source = "Reddi, Kale & Kumar 2018, arXiv:1904.09237, algorithm 2";
    static constexpr double lr = 1e-3;
    static constexpr auto slots = etude::names("m", "v", "largest");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta1", &AmsGrad::beta1, etude::right_open(0, 1), "Decay of the mean of gradients."),
                       etude::param("beta2", &AmsGrad::beta2, etude::right_open(0, 1), "Decay of the mean of squares."),
                       etude::param("eps", &AmsGrad::eps, etude::closed(0, 1), "Added to the root."),
                       etude::param("eps_place", &AmsGrad::eps_place, etude::adam_eps_places,
                                    "After bias correction, or before it as in Keras (epsilon-hat)."),
                       etude::param("correction", &AmsGrad::correction, corrections,
                                    "Of the bias: after the maximum (PyTorch, Keras), before it (Optax), or none (the paper).")},
            etude::weight_decay_params<AmsGrad>());
    }
    static constexpr auto presets() {
        return std::tuple{
            etude::preset("pytorch", AmsGrad{}, "Adam(amsgrad=True), the plain defaults.").lr(1e-3),
            etude::preset("keras2", AmsGrad{.eps = 1e-7, .eps_place = EpsPlace::hat}, "Adam(amsgrad=True): epsilon-hat of 1e-7.").lr(1e-3),
            etude::preset("keras3", AmsGrad{.eps = 1e-7, .eps_place = EpsPlace::hat, .weight_decay_form = Decay::decoupled},
                          "As Keras 2; weight decay is off the weights.").lr(1e-3),
            etude::preset("optax", AmsGrad{.correction = Correction::before}, "optax.amsgrad; it has no default rate."),
            etude::preset("paper", AmsGrad{.correction = Correction::none}, "No correction of the bias.").lr(1e-3)};
    }
    static constexpr auto state() { return State::table(); }

    void check() const {
        if (eps_place == EpsPlace::hat && correction == Correction::none)
            throw std::invalid_argument("eps_place: hat stands before the bias correction, and correction: none has none");
    }

    void step(const etude::Step& s, State& state) const {
        state.product1 *= beta1;
        state.product2 *= beta2;
        const double unbias1 = correction == Correction::none ? 1.0 : 1 - state.product1;
        const double unbias2 = correction == Correction::none ? 1.0 : 1 - state.product2;
        const float inner = float(correction == Correction::before ? 1 / unbias2 : 1.0);
        const float outer = float(correction == Correction::after ? 1 / unbias2 : 1.0);
        const float e = etude::denominator_eps(eps_place == EpsPlace::hat ? eps / std::sqrt(unbias2) : eps), rate = float(s.lr / unbias1);
        const float b1 = float(beta1), a1 = float(1 - beta1), b2 = float(beta2), a2 = float(1 - beta2);
        etude::each_decayed(s, *this, [=](float& w, float g, float& m, float& v, float& largest) {
            m = b1 * m + a1 * g;
            v = b2 * v + a2 * (g * g);
            largest = std::max(largest, v * inner);
            w -= rate * m / (std::sqrt(largest * outer) + e);
        });
    }
};
ETUDE_PLUGIN(AmsGrad)
