#include <etude/plugin.hpp>

/// w <- w - lr sign(g),   sign(0) = 0
///
/// MXNet has it as Signum with momentum 0, at a rate of .01; Optax as sign_sgd, without a rate.
struct SignSgd {
    using Decay = etude::WeightDecay;

    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    static constexpr auto name = "signsgd";
    static constexpr auto summary = "Steps of one size in the direction of the gradient's sign.";
    static constexpr auto source = "Bernstein et al. 2018, arXiv:1802.04434, algorithm 1";
    static constexpr double lr = 1e-4;
    static constexpr auto slots = etude::names();
    static constexpr bool elementwise = true;
    static constexpr auto params() { return etude::weight_decay_params<SignSgd>(); }
    static constexpr auto presets() {
        return std::tuple{etude::preset("optax", SignSgd{}, "optax.sign_sgd; it has no default rate."),
                          etude::preset("mxnet", SignSgd{}, "Signum with momentum 0.").lr(0.01),
                          etude::preset("paper", SignSgd{}, "Algorithm 1 with the rate of its experiments.").lr(1e-4)};
    }

    void step(const etude::Step& s) const {
        const float rate = float(s.lr);
        etude::each_decayed(s, *this, [=](float& w, float g) { w -= rate * etude::sign(g); });
    }
};
ETUDE_PLUGIN(SignSgd)
