#include <etude/plugin.hpp>

/// v <- b2 v + (1-b2) |g|^2 for every tensor, the first time v = |g|^2
/// m <- b1 m + (g / (sqrt(v) + eps) + wd w)        w <- w - lr m        averaging: (1-b1) times the new term
/// v is one number for a tensor; it lies in the tensor's first place of its slot.
///
/// Where implementations differ: the paper's b1, b2 are .95, .98 (as NVIDIA's code and timm), Optax has .9, .25 and eps 1e-6. Averaging is
/// an option of NVIDIA's. The decay lies in the momentum (weight_decay_form inner) in all of them.
struct NovoGrad {
    using Decay = etude::InnerDecay;

    double beta1 = 0.95, beta2 = 0.98, eps = 1e-8;
    bool averaging = false;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::inner;

    static constexpr auto name = "novograd";
    static constexpr auto summary = "Momentum of gradients, each tensor's divided by the running mean of its norm.";
    static constexpr auto source = "Ginsburg et al. 2019, arXiv:1905.11286, algorithm 1";
    static constexpr double lr = 0.01;
    static constexpr auto slots = etude::names("momentum", "square");
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta1", &NovoGrad::beta1, etude::right_open(0, 1), "Share of the momentum that is kept."),
                       etude::param("beta2", &NovoGrad::beta2, etude::right_open(0, 1), "Decay of the mean of squared norms."),
                       etude::param("eps", &NovoGrad::eps, etude::closed(0, 1), "Added to the root."),
                       etude::param("averaging", &NovoGrad::averaging, "The momentum is a mean of gradients, not a sum.")},
            etude::inner_decay_params<NovoGrad>("inner: added to the normalised gradient, in the momentum; the other forms as everywhere."));
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("optax", NovoGrad{.beta1 = 0.9, .beta2 = 0.25, .eps = 1e-6}, "optax.novograd; it has no default rate."),
                          etude::preset("timm", NovoGrad{}, "NVIDIA's numbers.").lr(1e-3),
                          etude::preset("paper", NovoGrad{}, "Algorithm 1 with the rate of its image experiments.").lr(0.01)};
    }

    void step(const etude::Step& s) const {
        const etude::InnerFactors decay = etude::inner_decay_factors(s, *this);
        const float inner = decay.inner, b1 = float(beta1), take = float(averaging ? 1 - beta1 : 1.0), rate = float(s.lr);
        s.each_tensor([&](etude::Step::Part part, const etude::Tensor&) {
            float& kept = s.slots[1][part.begin];
            const double now = etude::gradient_square(s, part, decay.outer.penalty);
            const double square = s.index == 0 ? now : beta2 * kept + (1 - beta2) * now;
            kept = float(square);
            const float scale = float(1 / std::max(std::sqrt(square) + eps, double(FLT_MIN)));
            etude::each_decayed_by(s, part, decay.outer, [=](float& w, float g, float& m) {
                m = b1 * m + take * (g * scale + inner * w);
                w -= rate * m;
            });
        });
    }
};
ETUDE_PLUGIN(NovoGrad)
