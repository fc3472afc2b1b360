#include <etude/plugin.hpp>

/// m <- b1 m + (1-b1) g        v <- b2 v + (1-b2) g^2        u = m^ / (sqrt(v^) + eps),   nesterov: b1 m + (1-b1) g for m in u
/// Tensors of two dimensions and more: where the weights W seem to be free of scale, that is |cos(g, W)| < delta / sqrt(size), u loses
/// its part along W: u <- u - n (n . u), n = W / (|W| + eps), and the decay is multiplied by decay_ratio. Tried with W = every row (first
/// dimension) of the tensor, all rows or none; then with the tensor as a whole.
/// w <- w - lr decay_ratio wd w        w <- w - lr u
///
/// timm and the authors' code agree. The weights' and gradients' norms in the cosine carry eps too.
struct AdamP {
    using Decay = etude::WeightDecay;
    using State = etude::BetaProducts;

    double beta1 = 0.9, beta2 = 0.999, eps = 1e-8, delta = 0.1, decay_ratio = 0.1;
    bool nesterov = false;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::decoupled;

    static constexpr auto name = "adamp";
    static constexpr auto summary = "Adam without the part of the step that only makes scale-free weights grow.";
    static constexpr auto source = "Heo et al. 2021, arXiv:2006.08217, algorithm 2 and eq. 12";
    static constexpr double lr = 1e-3;
    static constexpr auto slots = etude::names("m", "v");
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta1", &AdamP::beta1, etude::right_open(0, 1), "Decay of the mean of gradients."),
                       etude::param("beta2", &AdamP::beta2, etude::right_open(0, 1), "Decay of the mean of squares."),
                       etude::param("eps", &AdamP::eps, etude::closed(0, 1), "Added to the root after bias correction, and to norms."),
                       etude::param("delta", &AdamP::delta, etude::closed(0, etude::infinity),
                                    "Below this, divided by the root of the size, a cosine of gradient and weights counts as 0; 0 never projects."),
                       etude::param("decay_ratio", &AdamP::decay_ratio, etude::closed(0, 1), "Multiplies the decay where the step was projected."),
                       etude::param("nesterov", &AdamP::nesterov, "Step by the mean of gradients one update ahead.")},
            etude::weight_decay_params<AdamP>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("timm", AdamP{}, "The plain defaults.").lr(1e-3),
                          etude::preset("paper", AdamP{}, "Algorithm 2 with the numbers of the authors' code.").lr(1e-3)};
    }
    static constexpr auto state() { return State::table(); }

    void step(const etude::Step& s, State& state) const {
        state.product1 *= beta1;
        state.product2 *= beta2;
        const etude::DecayFactors decay = etude::decay_factors(s, *this);
        const float b1 = float(beta1), a1 = float(1 - beta1), b2 = float(beta2), a2 = float(1 - beta2), penalty = decay.penalty;
        Direction u{.s = s, .penalty = penalty, .root = float(1 / (1 - state.product2)), .eps = etude::denominator_eps(eps)};
        u.of_mean = float((nesterov ? beta1 : 1.0) / (1 - state.product1));
        u.of_gradient = float(nesterov ? (1 - beta1) / (1 - state.product1) : 0.0);
        s.each_tensor([&](etude::Step::Part part, const etude::Tensor& tensor) {
            s.each(part, [=](float& w, float g, float& m, float& v) {
                const float q = g + penalty * w;
                m = b1 * m + a1 * q;
                v = b2 * v + a2 * (q * q);
            });
            const std::size_t rows = tensor.rank > 1 ? tensor.dims[0] : 1;
            if (tensor.rank > 1 && scale_free(u, part, rows)) project(u, part, rows, decay);
            else if (tensor.rank > 1 && scale_free(u, part, 1)) project(u, part, 1, decay);
            else descend(u, part, 0.0f, decay, 1.0f);
        });
    }

  private:
    /// Adam's step at place i, before the rate.
    struct Direction {
        const etude::Step& s;
        float penalty, root, eps, of_mean = 0, of_gradient = 0;
        ETUDE_INLINE float operator()(float w, float g, float m, float v) const {
            return (of_mean * m + of_gradient * (g + penalty * w)) / (std::sqrt(v * root) + eps);
        }
    };

    /// Is the largest cosine of a row's gradient with its weights small?
    ETUDE_INLINE bool scale_free(const Direction& u, etude::Step::Part part, std::size_t rows) const {
        const float *w = u.s.weights, *g = u.s.gradients;
        const float penalty = u.penalty;
        const std::size_t size = (part.end - part.begin) / rows;
        double largest = 0;
        for (std::size_t row = 0; row < rows; ++row) {
            const etude::Step::Part one{part.begin + row * size, part.begin + (row + 1) * size};
            const double product = etude::Step::sum(one.begin, one.end, [=](std::size_t i) { return double(w[i]) * double(g[i] + penalty * w[i]); });
            const double lengths = (std::sqrt(etude::gradient_square(u.s, one, penalty)) + eps) * (etude::norm(w, one) + eps);
            largest = std::max(largest, lengths > 0 ? std::abs(product) / lengths : 0.0);
        }
        return largest < delta / std::sqrt(double(size));
    }

    ETUDE_INLINE void project(const Direction& u, etude::Step::Part part, std::size_t rows, const etude::DecayFactors& decay) const {
        const float *w = u.s.weights, *g = u.s.gradients, *m = u.s.slots[0], *v = u.s.slots[1];
        const std::size_t size = (part.end - part.begin) / rows;
        for (std::size_t row = 0; row < rows; ++row) {
            const etude::Step::Part one{part.begin + row * size, part.begin + (row + 1) * size};
            const double along = etude::Step::sum(one.begin, one.end, [=](std::size_t i) {
                return double(w[i]) * double(u(w[i], g[i], m[i], v[i]));
            });
            const double length = std::max(etude::norm(w, one) + eps, double(FLT_MIN));
            descend(u, one, float(along / (length * length)), decay, float(decay_ratio));
        }
    }

    /// u less `along` times the weights; the decay times `ratio`.
    ETUDE_INLINE void descend(const Direction& u, etude::Step::Part part, float along, const etude::DecayFactors& decay, float ratio) const {
        const float rate = float(u.s.lr), before = decay.before * ratio, after = decay.after * ratio;
        u.s.each(part, [=](float& w, float g, float& m, float& v) {
            const float direction = u(w, g, m, v) - along * w;
            w -= before * w;
            w -= rate * direction;
            w -= after * w;
        });
    }
};
ETUDE_PLUGIN(AdamP)
