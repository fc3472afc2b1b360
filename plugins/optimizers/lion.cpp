#include <etude/plugin.hpp>

/// w <- w - lr sign(b1 m + (1-b1) g)        then        m <- b2 m + (1-b2) g
/// The sign sees the old m.
///
/// Where implementations differ: in their numbers alone. Rate .001 in Keras 3, 1e-4 in timm and the authors' code; weight decay, off the
/// weights everywhere, 1e-3 in Optax, otherwise 0. The paper advises a rate 3 to 10 times smaller than AdamW's and a decay as much larger.
/// Optax' smooth and refined modes are not offered.
struct Lion {
    using Decay = etude::WeightDecay;

    double beta1 = 0.9, beta2 = 0.99;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::decoupled;

    static constexpr auto name = "lion";
    static constexpr auto summary = "Steps of one size in the direction of the sign of a momentum.";
    static constexpr auto source = "Chen et al. 2023, arXiv:2302.06675, algorithm 2";
    static constexpr double lr = 1e-4;
    static constexpr auto slots = etude::names("m");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta1", &Lion::beta1, etude::right_open(0, 1), "Share of the mean in what the sign is taken of."),
                       etude::param("beta2", &Lion::beta2, etude::right_open(0, 1), "Decay of the mean of gradients.")},
            etude::weight_decay_params<Lion>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("keras3", Lion{}, "A rate ten times the paper's.").lr(1e-3),
                          etude::preset("optax", Lion{.weight_decay = 1e-3}, "optax.lion, decay 1e-3; it has no default rate."),
                          etude::preset("timm", Lion{}, "The plain defaults.").lr(1e-4),
                          etude::preset("paper", Lion{}, "Algorithm 2 with the numbers of the authors' code.").lr(1e-4)};
    }

    void step(const etude::Step& s) const {
        const float b1 = float(beta1), a1 = float(1 - beta1), b2 = float(beta2), a2 = float(1 - beta2), rate = float(s.lr);
        etude::each_decayed(s, *this, [=](float& w, float g, float& m) {
            w -= rate * etude::sign(b1 * m + a1 * g);
            m = b2 * m + a2 * g;
        });
    }
};
ETUDE_PLUGIN(Lion)
