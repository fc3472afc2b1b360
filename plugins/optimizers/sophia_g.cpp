#include <etude/plugin.hpp>

/// m <- b1 m + (1-b1) g        every `every` updates, the first included: h <- b2 h + (1-b2) g^2
/// w <- w - lr clamp(m / max(rho B h, 1e-15), -1, 1),   B samples in the batch
///
/// EXPERIMENTAL. Sophia-G estimates the Hessian from gradients on labels sampled from the model, which asks for a second backward pass that
/// this boundary does not give. h is made of the squared mini-batch gradient on the true labels instead: the empirical Fisher. It is larger where
/// the model errs and shrinks with the loss. Sophia-H (Hutchinson; Optax) is not offered. The authors' code updates h after the steps
/// 9, 19, ..., so that its first ones go by the sign alone; here as in the paper, before the steps 0, 10, ....
struct SophiaG {
    using Decay = etude::WeightDecay;

    double beta1 = 0.965, beta2 = 0.99, rho = 0.04;
    std::int64_t every = 10;
    double weight_decay = 0.1;
    Decay weight_decay_form = Decay::decoupled;

    static constexpr auto name = "sophia_g";
    static constexpr auto summary = "Experimental: a clipped momentum over the empirical Fisher, in place of Sophia's Hessian.";
    static constexpr auto source = "Liu et al. 2023, arXiv:2305.14342, algorithm 3, with the empirical Fisher for algorithm 2";
    static constexpr double lr = 1e-4;
    static constexpr auto slots = etude::names("m", "h");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta1", &SophiaG::beta1, etude::right_open(0, 1), "Decay of the mean of gradients."),
                       etude::param("beta2", &SophiaG::beta2, etude::right_open(0, 1), "Decay of the mean of squares."),
                       etude::param("rho", &SophiaG::rho, etude::left_open(0, etude::infinity),
                                    "Scales the squares: the smaller, the more steps are cut to lr."),
                       etude::param("every", &SophiaG::every, etude::right_open(1, etude::infinity),
                                    "Updates from one look at the squares to the next.")},
            etude::weight_decay_params<SophiaG>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("paper", SophiaG{}, "The numbers of the authors' code for Sophia-G.").lr(1e-4)};
    }

    void step(const etude::Step& s) const {
        const bool looks = s.index % std::uint64_t(every) == 0;
        const float b1 = float(beta1), a1 = float(1 - beta1), b2 = float(looks ? beta2 : 1.0), a2 = float(looks ? 1 - beta2 : 0.0);
        const float scale = float(rho * double(s.batch)), rate = float(s.lr);
        etude::each_decayed(s, *this, [=](float& w, float g, float& m, float& h) {
            m = b1 * m + a1 * g;
            h = b2 * h + a2 * (g * g);
            w -= rate * std::min(std::max(m / std::max(scale * h, 1e-15f), -1.0f), 1.0f);
        });
    }
};
ETUDE_PLUGIN(SophiaG)
