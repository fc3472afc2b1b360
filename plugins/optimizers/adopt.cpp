#include <etude/plugin.hpp>

/// Update 0:         v = g^2, nothing else
/// update t >= 1:    q = g / max(sqrt(v), eps), cut to [-t^clip_exponent, t^clip_exponent] if `clipped`
///                   m <- b1 m + (1-b1) q        w <- w - lr m        then v <- b2 v + (1-b2) g^2
/// The gradient is divided by squares that do not know it yet, hence convergence with any b2. Weight decay is off at update 0 as well.
///
/// Where implementations differ: the cut came with the paper's second version (exponent 1/4, also in Optax); timm's exponent is .333.
struct Adopt {
    using Decay = etude::WeightDecay;

    double beta1 = 0.9, beta2 = 0.9999, eps = 1e-6;
    bool clipped = true;
    double clip_exponent = 0.25;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    static constexpr auto name = "adopt";
    static constexpr auto summary = "Adam that divides by the squares before this gradient: converges with any beta2.";
    static constexpr auto source = "Taniguchi et al. 2024, arXiv:2411.02853, algorithm 2";
    static constexpr double lr = 1e-3;
    static constexpr auto slots = etude::names("m", "v");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta1", &Adopt::beta1, etude::right_open(0, 1), "Decay of the mean of normalised gradients."),
                       etude::param("beta2", &Adopt::beta2, etude::right_open(0, 1), "Decay of the mean of squares."),
                       etude::param("eps", &Adopt::eps, etude::closed(0, 1), "Smallest root to divide by."),
                       etude::param("clipped", &Adopt::clipped, "Bound the normalised gradient by update^clip_exponent."),
                       etude::param("clip_exponent", &Adopt::clip_exponent, etude::closed(0, 1),
                                    "How the bound grows with the updates; 0 bounds by 1.")},
            etude::weight_decay_params<Adopt>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("optax", Adopt{}, "optax.contrib.adopt; it has no default rate."),
                          etude::preset("timm", Adopt{.clip_exponent = 0.333}, "Exponent .333.").lr(1e-3),
                          etude::preset("paper", Adopt{}, "Algorithm 2 with the bound of its second version.").lr(1e-3)};
    }

    void step(const etude::Step& s) const {
        etude::DecayFactors decay = etude::decay_factors(s, *this);
        if (s.index == 0) {
            decay.before = decay.after = 0;
            return etude::each_decayed_by(s, {0, s.n}, decay, [](float&, float g, float&, float& v) { v = g * g; });
        }
        const float b1 = float(beta1), a1 = float(1 - beta1), b2 = float(beta2), a2 = float(1 - beta2), e = etude::denominator_eps(eps);
        const float rate = float(s.lr), bound = clipped ? float(std::pow(double(s.index), clip_exponent)) : FLT_MAX;
        etude::each_decayed_by(s, {0, s.n}, decay, [=](float& w, float g, float& m, float& v) {
            const float q = g / std::max(std::sqrt(v), e);
            m = b1 * m + a1 * std::min(std::max(q, -bound), bound);
            w -= rate * m;
            v = b2 * v + a2 * (g * g);
        });
    }
};
ETUDE_PLUGIN(Adopt)
