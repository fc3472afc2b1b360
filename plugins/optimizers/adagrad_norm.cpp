#include <etude/plugin.hpp>

/// b^2 <- b^2 + |g|^2 over all weights, b = `b0` before the first update        w <- w - lr g / b
struct AdagradNorm {
    using Decay = etude::WeightDecay;

    double b0 = 0.01;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    struct State { double squares = 0; };

    static constexpr auto name = "adagrad_norm";
    static constexpr auto summary = "One rate for all weights, divided by the root of all squared gradients so far.";
    static constexpr auto source = "Ward, Wu & Bottou 2019, arXiv:1806.01811, algorithm 1";
    static constexpr double lr = 1.0;
    static constexpr auto slots = etude::names();
    static constexpr bool global = true;
    static constexpr auto params() {
        return std::tuple_cat(std::tuple{etude::param("b0", &AdagradNorm::b0, etude::right_open(0, etude::infinity),
                                                      "The root before the first update: the first rate is lr / sqrt(b0^2 + |g|^2).")},
                              etude::weight_decay_params<AdagradNorm>());
    }
    static constexpr auto presets() { return std::tuple{etude::preset("paper", AdagradNorm{}, "Algorithm 1.").lr(1.0)}; }
    static constexpr auto state() { return std::tuple{etude::scalar("squares", &State::squares)}; }

    void step(const etude::Step& s, State& state) const {
        const etude::Step::Part all{0, s.n};
        state.squares += etude::gradient_square(s, all, etude::decay_factors(s, *this).penalty);
        const double applied = s.lr / std::max(std::sqrt(b0 * b0 + state.squares), double(FLT_MIN));
        const float rate = float(applied);
        const etude::DecayFactors decay = etude::decay_factors(s, weight_decay, weight_decay_form, applied);
        etude::each_decayed_by(s, all, decay, [=](float& w, float g) { w -= rate * g; });
    }
};
ETUDE_PLUGIN(AdagradNorm)
