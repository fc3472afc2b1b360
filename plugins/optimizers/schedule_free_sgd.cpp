#include <etude/plugin.hpp>

/// z <- z - lr (g + wd y)        x <- (1 - c) x + c z        y <- beta1 x + (1 - beta1) z
/// c = W_n / (W_1 + ... + W_n),  W_n = n^weight_power (largest lr so far)^rate_power.   Gradients at y (the weights), evaluation at x.
/// One slot, z; x is computed from y and z, with the beta1 that made y.
///
/// Use it with a constant rate or `warmup:` alone. Batch normalisation gathers its statistics at y. Where implementations differ: in Optax the
/// first weight under warm-up is that of the second rate. The authors' code keeps three copies of the weights.
struct ScheduleFreeSgd {
    using Decay = etude::WeightDecay;
    using State = etude::ScheduleFreeState;

    double beta1 = 0.9, weight_power = 0, rate_power = 2;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    static constexpr auto name = "schedule_free_sgd";
    static constexpr auto summary = "Gradient descent that averages its iterates in place of a falling rate.";
    static constexpr auto source = "Defazio et al. 2024, arXiv:2405.15682, eq. 3-5";
    static constexpr double lr = 1.0;
    static constexpr auto slots = etude::names("z");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(etude::schedule_free_params<ScheduleFreeSgd>(), etude::weight_decay_params<ScheduleFreeSgd>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("optax", ScheduleFreeSgd{}, "optax.contrib.schedule_free_sgd.").lr(1.0),
                          etude::preset("paper", ScheduleFreeSgd{}, "The numbers of the authors' code.").lr(1.0)};
    }
    static constexpr auto state() { return State::table(); }

    void step(const etude::Step& s, State& state) const {
        etude::schedule_free_step(*this, s, state, [](float g) { return g; });
    }
    void evaluation_point(const etude::Step& s, float* point, const State& state) const { etude::schedule_free_point(s, point, state); }
};
ETUDE_PLUGIN(ScheduleFreeSgd)
