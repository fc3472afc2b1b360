#include <etude/plugin.hpp>

/// As adam, with the decay taken off the weight before the step instead of added to the gradient:
/// m <- b1 m + (1-b1) g        v <- b2 v + (1-b2) g^2        w <- w - lr wd w
/// outside:  w <- w - lr m^ / (sqrt(v^) + eps),   m^ = m / (1 - prod b1),   v^ = v / (1 - prod b2)
/// hat:      w <- w - lr sqrt(1 - prod b2) / (1 - prod b1) m / (sqrt(v) + eps)
///
/// Where implementations differ: the strength of the decay is .01 in PyTorch, .004 in Keras 3, 1e-4 in Optax, 0 in MXNet. They multiply
/// it by the rate; Loshchilov & Hutter by the schedule's factor alone, so that it does not change with the base rate (preset paper).
/// MXNet multiplies it by the bias-corrected rate and takes it off the new weight, which is not offered.
struct AdamW {
    using Decay = etude::WeightDecay;
    using EpsPlace = etude::AdamEps;
    using State = etude::BetaProducts;

    double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
    EpsPlace eps_place = EpsPlace::outside;
    double weight_decay = 0.01;
    Decay weight_decay_form = Decay::decoupled;

    static constexpr auto name = "adamw";
    static constexpr auto summary = "Adam with weight decay taken off the weights, not added to the gradient.";
    static constexpr auto source = "Loshchilov & Hutter 2019, arXiv:1711.05101, algorithm 2";
    static constexpr double lr = 1e-3;
    static constexpr auto slots = etude::names("m", "v");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta1", &AdamW::beta1, etude::right_open(0, 1), "Decay of the mean of gradients."),
                       etude::param("beta2", &AdamW::beta2, etude::right_open(0, 1), "Decay of the mean of squares."),
                       etude::param("eps", &AdamW::eps, etude::closed(0, 1), "Added to the root."),
                       etude::param("eps_place", &AdamW::eps_place, etude::adam_eps_places,
                                    "After bias correction, or before it as in Keras (epsilon-hat).")},
            etude::weight_decay_params<AdamW>());
    }
    static constexpr auto presets() {
        return std::tuple{
            etude::preset("pytorch", AdamW{}, "The plain defaults.").lr(1e-3),
            etude::preset("keras3", AdamW{.eps = 1e-7, .eps_place = EpsPlace::hat, .weight_decay = 0.004},
                          "Epsilon-hat of 1e-7, decay .004.").lr(1e-3),
            etude::preset("optax", AdamW{.weight_decay = 1e-4}, "optax.adamw, decay 1e-4; it has no default rate."),
            etude::preset("mxnet", AdamW{.eps = 1e-6, .eps_place = EpsPlace::hat, .weight_decay = 0},
                          "Epsilon-hat of 1e-6, no decay unless asked for.").lr(1e-3),
            etude::preset("paper", AdamW{.weight_decay = 1e-5, .weight_decay_form = Decay::decoupled_unscaled},
                          "Decay times the schedule's factor alone; 1e-5 is what .01 times the rate .001 comes to.").lr(1e-3)};
    }
    static constexpr auto state() { return State::table(); }

    void step(const etude::Step& s, State& products) const { etude::adam_step(*this, s, products); }
};
ETUDE_PLUGIN(AdamW)
