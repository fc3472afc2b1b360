#include <etude/plugin.hpp>
#include <stdexcept>

/// m <- b1 m + (1-b1) g        v <- b2 v + (1-b2) g^2        u = m^ / (sqrt(v^) + eps) + wd w
/// w <- w - lr r u,   r = |w| / |u| for every tensor (1 where either norm is 0), |w| cut to [norm_min, norm_max], r to [0, ratio_max]
///
/// Where implementations differ: in the paper, Optax, MXNet and timm the decay lies inside the ratio (weight_decay_form inner), in Keras
/// and fastai it is taken off the weights before (decoupled). fastai takes the ratio of root mean squares, which is the same, and caps it
/// at 10. timm leaves the ratio at 1 where there is no decay (always_adapt: false) and clips gradients to norm 1 first: say
/// `clip: {norm: 1}`. MXNet offers bounds on |w|.
struct Lamb {
    using Decay = etude::InnerDecay;
    using State = etude::BetaProducts;

    double beta1 = 0.9, beta2 = 0.999, eps = 1e-6;
    bool always_adapt = true;
    double ratio_max = etude::infinity, norm_min = 0, norm_max = etude::infinity;
    double weight_decay = 0.01;
    Decay weight_decay_form = Decay::inner;

    static constexpr auto name = "lamb";
    static constexpr auto summary = "Adam with every tensor's step as long as its weights: for large batches.";
    static constexpr auto source = "You et al. 2020, arXiv:1904.00962, algorithm 2";
    static constexpr double lr = 1e-3;
    static constexpr auto slots = etude::names("m", "v");
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta1", &Lamb::beta1, etude::right_open(0, 1), "Decay of the mean of gradients."),
                       etude::param("beta2", &Lamb::beta2, etude::right_open(0, 1), "Decay of the mean of squares."),
                       etude::param("eps", &Lamb::eps, etude::closed(0, 1), "Added to the root after bias correction."),
                       etude::param("always_adapt", &Lamb::always_adapt, "Apply the ratio also where weight_decay is 0."),
                       etude::param("ratio_max", &Lamb::ratio_max, etude::left_open(0, etude::infinity), "Largest ratio; inf does not bound it."),
                       etude::param("norm_min", &Lamb::norm_min, etude::right_open(0, etude::infinity), "Smallest norm of weights in the ratio."),
                       etude::param("norm_max", &Lamb::norm_max, etude::left_open(0, etude::infinity), "Largest norm of weights in the ratio.")},
            etude::inner_decay_params<Lamb>("inner: added to the step, inside the ratio (the paper); the others outside."));
    }
    static constexpr auto presets() {
        return std::tuple{
            etude::preset("keras3", Lamb{.eps = 1e-7, .weight_decay = 0, .weight_decay_form = Decay::decoupled},
                          "eps 1e-7; weight decay is off the weights.").lr(1e-3),
            etude::preset("optax", Lamb{.weight_decay = 0}, "optax.lamb, no decay unless asked for; it has no default rate."),
            etude::preset("mxnet", Lamb{.weight_decay = 0}, "No decay unless asked for.").lr(1e-3),
            etude::preset("paper", Lamb{}, "Algorithm 2, decay .01.").lr(1e-3),
            etude::preset("timm", Lamb{.always_adapt = false}, "The ratio goes with the decay; its clipping is `clip: {norm: 1}`.").lr(1e-3),
            etude::preset("fastai", Lamb{.beta2 = 0.99, .eps = 1e-5, .ratio_max = 10, .weight_decay = 0, .weight_decay_form = Decay::decoupled},
                          "Shorter memory of squares, ratio up to 10; the rate is the Learner's.").lr(1e-3)};
    }
    static constexpr auto state() { return State::table(); }

    void check() const {
        if (norm_min > norm_max) throw std::invalid_argument("norm_min must not be above norm_max");
    }

    void step(const etude::Step& s, State& state) const {
        state.product1 *= beta1;
        state.product2 *= beta2;
        const float b1 = float(beta1), a1 = float(1 - beta1), b2 = float(beta2), a2 = float(1 - beta2);
        const etude::InnerFactors decay = etude::inner_decay_factors(s, *this);
        const float inner = decay.inner, after = decay.outer.after;
        const float of_mean = float(1 / (1 - state.product1)), u = float(1 / (1 - state.product2)), e = etude::denominator_eps(eps);
        const bool adapts = always_adapt || weight_decay != 0;

        s.each_tensor([&](etude::Step::Part part, const etude::Tensor&) {
            etude::each_decayed_by(s, part, {decay.outer.penalty, decay.outer.before, 0}, [=](float&, float g, float& m, float& v) {
                m = b1 * m + a1 * g;
                v = b2 * v + a2 * (g * g);
            });
            const float *weights = s.weights, *mean = s.slots[0], *square = s.slots[1];
            const double norm = etude::norm(weights, part);
            const double length = std::sqrt(etude::Step::sum(part.begin, part.end, [=](std::size_t i) {
                const double direction = of_mean * mean[i] / (std::sqrt(square[i] * u) + e) + inner * weights[i];
                return direction * direction;
            }));
            const double bounded = std::min(std::max(norm, norm_min), norm_max);
            const double ratio = adapts && bounded > 0 && length > 0 ? std::min(bounded / length, ratio_max) : 1.0;
            const float rate = float(s.lr * ratio);
            s.each(part, [=](float& w, float, float& m, float& v) {
                w -= rate * (of_mean * m / (std::sqrt(v * u) + e) + inner * w);
                w -= after * w;
            });
        });
    }
};
ETUDE_PLUGIN(Lamb)
