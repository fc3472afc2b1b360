#include <etude/plugin.hpp>

/// m <- mu m + (1-mu) g        w <- w - lr sign(m)
///
/// Where implementations differ: MXNet has a rate of .01 and puts `wd` into the momentum (l2) and `wd_lh` off the weight (decoupled).
struct Signum {
    using Decay = etude::WeightDecay;

    double momentum = 0.9;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    static constexpr auto name = "signum";
    static constexpr auto summary = "Steps of one size in the direction of the sign of the mean gradient.";
    static constexpr auto source = "Bernstein et al. 2018, arXiv:1802.04434, algorithm 2";
    static constexpr double lr = 1e-4;
    static constexpr auto slots = etude::names("momentum");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("momentum", &Signum::momentum, etude::right_open(0, 1), "Decay of the mean of gradients; 0 gives signsgd.")},
            etude::weight_decay_params<Signum>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("mxnet", Signum{}, "Decay in the momentum, a rate of .01.").lr(0.01),
                          etude::preset("paper", Signum{}, "Algorithm 2 with the rate of its experiments.").lr(1e-4)};
    }

    void step(const etude::Step& s) const {
        const float mu = float(momentum), take = float(1 - momentum), rate = float(s.lr);
        etude::each_decayed(s, *this, [=](float& w, float g, float& m) {
            m = mu * m + take * g;
            w -= rate * etude::sign(m);
        });
    }
};
ETUDE_PLUGIN(Signum)
