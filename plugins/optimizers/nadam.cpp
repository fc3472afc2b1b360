#include <etude/plugin.hpp>

/// m <- b1 m + (1-b1) g        v <- b2 v + (1-b2) g^2        v^ = v / (1 - prod b2)
/// w <- w - lr ((1 - mu_n) g / (1 - P_n) + mu_{n+1} m / (1 - P_n mu_{n+1})) / (sqrt(v^) + eps),   P_n = mu_1 ... mu_n
/// scheduled:  mu_n = b1 (1 - .96^(n momentum_decay) / 2)        constant:  mu_n = b1
/// alike:      mu_n = b1, and both parts divided by 1 - P_n
///
/// Three algorithms go by this name. PyTorch, Keras 2 and MXNet schedule the momentum with momentum_decay .004: it takes thousands of
/// updates to rise from b1 / 2. Keras 3 has 1, the exponent being n itself: it rises within a hundred. Optax has no schedule at all.
/// PyTorch up to 1.13 multiplies mu_n into the next product twice, and MXNet moves the product once for every tensor instead of once for
/// every update; neither is followed here.
struct Nadam {
    using Decay = etude::WeightDecay;
    using Form = etude::NadamForm;
    using State = etude::BetaProducts;

    double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
    Form form = Form::scheduled;
    double momentum_decay = 0.004;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    static constexpr auto name = "nadam";
    static constexpr auto summary = "Adam with Nesterov's momentum, itself scheduled.";
    static constexpr auto source = "Dozat 2016, Incorporating Nesterov Momentum into Adam, algorithm 2";
    static constexpr double lr = 2e-3;
    static constexpr auto slots = etude::names("m", "v");
    static constexpr bool elementwise = true;
    static constexpr auto params() { return std::tuple_cat(etude::nadam_params<Nadam>(), etude::weight_decay_params<Nadam>()); }
    static constexpr auto presets() {
        return std::tuple{
            etude::preset("pytorch", Nadam{}, "The plain defaults, as PyTorch 2 has them.").lr(2e-3),
            etude::preset("keras2", Nadam{.eps = 1e-7}, "schedule_decay .004, eps 1e-7.").lr(2e-3),
            etude::preset("keras3", Nadam{.eps = 1e-7, .momentum_decay = 1, .weight_decay_form = Decay::decoupled},
                          "The momentum rises within a hundred updates; weight decay is off the weights.").lr(1e-3),
            etude::preset("optax", Nadam{.form = Form::constant}, "optax.nadam: no schedule of the momentum; it has no default rate."),
            etude::preset("mxnet", Nadam{}, "The numbers of MXNet, with the product moved once an update.").lr(1e-3)};
    }
    static constexpr auto state() { return State::table(); }

    void step(const etude::Step& s, State& products) const { etude::nadam_step(*this, s, products); }
};
ETUDE_PLUGIN(Nadam)
