#include <etude/plugin.hpp>

/// v <- b2 v + (1-b2) g^2
/// z <- z - lr g / (sqrt(v / (1 - prod b2)) + eps) - lr wd y        x <- (1 - c) x + c z        y <- b1 x + (1 - b1) z
/// c = W_n / (W_1 + ... + W_n),  W_n = n^weight_power (largest lr so far)^rate_power.   Gradients at y (the weights), evaluation at x.
///
/// Use it with a constant rate or `warmup:` alone. Batch normalisation gathers its statistics at y. Where implementations differ: Keras weights
/// the average by 1/n, evaluates at y and decays y before it recovers x (of these the first is the preset's); Optax' first weight under
/// warm-up is that of the second rate.
struct ScheduleFreeAdamW {
    using Decay = etude::WeightDecay;

    double beta1 = 0.9, weight_power = 0, rate_power = 2;
    double beta2 = 0.999, eps = 1e-8;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::decoupled;

    struct State : etude::ScheduleFreeState { double product2 = 1; };

    static constexpr auto name = "schedule_free_adamw";
    static constexpr auto summary = "AdamW that averages its iterates in place of a falling rate and of momentum.";
    static constexpr auto source = "Defazio et al. 2024, arXiv:2405.15682, algorithm 1";
    static constexpr double lr = 2.5e-3;
    static constexpr auto slots = etude::names("z", "v");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            etude::schedule_free_params<ScheduleFreeAdamW>(),
            std::tuple{etude::param("beta2", &ScheduleFreeAdamW::beta2, etude::right_open(0, 1), "Decay of the mean of squares."),
                       etude::param("eps", &ScheduleFreeAdamW::eps, etude::closed(0, 1), "Added to the root after bias correction.")},
            etude::weight_decay_params<ScheduleFreeAdamW>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("keras3", ScheduleFreeAdamW{.rate_power = 0}, "The average weights all updates alike.").lr(2.5e-3),
                          etude::preset("optax", ScheduleFreeAdamW{}, "optax.contrib.schedule_free_adamw.").lr(2.5e-3),
                          etude::preset("paper", ScheduleFreeAdamW{}, "The numbers of the authors' code.").lr(2.5e-3)};
    }
    static constexpr auto state() {
        return std::tuple_cat(etude::ScheduleFreeState::table(), std::tuple{etude::scalar("product2", &State::product2)});
    }

    void step(const etude::Step& s, State& state) const {
        state.product2 *= beta2;
        const float b2 = float(beta2), a2 = float(1 - beta2), u = float(1 / (1 - state.product2)), e = etude::denominator_eps(eps);
        etude::schedule_free_step(*this, s, state, [=](float g, float& v) {
            v = b2 * v + a2 * (g * g);
            return g / (std::sqrt(v * u) + e);
        });
    }
    void evaluation_point(const etude::Step& s, float* point, const State& state) const { etude::schedule_free_point(s, point, state); }
};
ETUDE_PLUGIN(ScheduleFreeAdamW)
