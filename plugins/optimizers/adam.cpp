#include <etude/plugin.hpp>

/// m <- b1 m + (1-b1) g        v <- b2 v + (1-b2) g^2
/// outside:  w <- w - lr m^ / (sqrt(v^) + eps),   m^ = m / (1 - prod b1),   v^ = v / (1 - prod b2)
/// hat:      w <- w - lr sqrt(1 - prod b2) / (1 - prod b1) m / (sqrt(v) + eps)
/// The products run over all updates, so that a scheduled beta is corrected rightly; with constant betas they are b^n.
///
/// Where implementations differ: PyTorch and Optax put eps outside, Keras and MXNet take the paper's epsilon-hat, which makes eps
/// larger in effect (32 times at the first update). Keras has eps 1e-7, fastai b2 .99 and eps 1e-5, the others 1e-8. PyTorch and fastai
/// correct a cycled beta1 with its present value to the power n.
struct Adam {
    using Decay = etude::WeightDecay;
    using EpsPlace = etude::AdamEps;
    using State = etude::BetaProducts;

    double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
    EpsPlace eps_place = EpsPlace::outside;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    static constexpr auto name = "adam";
    static constexpr auto summary = "Running means of gradient and squared gradient, bias-corrected.";
    static constexpr auto source = "Kingma & Ba 2015, arXiv:1412.6980, algorithm 1";
    static constexpr double lr = 1e-3;
    static constexpr auto slots = etude::names("m", "v");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta1", &Adam::beta1, etude::right_open(0, 1), "Decay of the mean of gradients."),
                       etude::param("beta2", &Adam::beta2, etude::right_open(0, 1), "Decay of the mean of squares."),
                       etude::param("eps", &Adam::eps, etude::closed(0, 1), "Added to the root."),
                       etude::param("eps_place", &Adam::eps_place, etude::adam_eps_places,
                                    "After bias correction, or before it as in Keras (epsilon-hat).")},
            etude::weight_decay_params<Adam>());
    }
    static constexpr auto presets() {
        return std::tuple{
            etude::preset("pytorch", Adam{}, "The plain defaults.").lr(1e-3),
            etude::preset("keras2", Adam{.eps = 1e-7, .eps_place = EpsPlace::hat}, "Epsilon-hat of 1e-7.").lr(1e-3),
            etude::preset("keras3", Adam{.eps = 1e-7, .eps_place = EpsPlace::hat, .weight_decay_form = Decay::decoupled},
                          "As Keras 2; weight decay is off the weights.").lr(1e-3),
            etude::preset("optax", Adam{}, "optax.adam; it has no default rate."),
            etude::preset("mxnet", Adam{.eps_place = EpsPlace::hat}, "Epsilon-hat of 1e-8.").lr(1e-3),
            etude::preset("paper", Adam{}, "Algorithm 1 with its suggested numbers.").lr(1e-3),
            etude::preset("fastai", Adam{.beta2 = 0.99, .eps = 1e-5, .weight_decay = 0.01, .weight_decay_form = Decay::decoupled},
                          "Shorter memory of squares, larger eps, decay off the weights; the rate is the Learner's.").lr(1e-3)};
    }
    static constexpr auto state() { return State::table(); }

    void step(const etude::Step& s, State& products) const { etude::adam_step(*this, s, products); }
};
ETUDE_PLUGIN(Adam)
