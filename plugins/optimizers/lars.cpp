#include <etude/plugin.hpp>

/// q = r (g + wd w) for every tensor, r = trust |w| / (|g| + wd |w| + eps), 1 where |w| or |g| is 0
/// velocity:  v <- mu v + lr q        w <- w - v             nesterov: w - mu v - lr q
/// buffer:    b <- mu b + q           w <- w - lr b          nesterov: w - lr (q + mu b)
///
/// Where implementations differ: the paper, MXNet and Optax keep the rate inside the momentum (velocity), timm outside (buffer). Optax
/// divides by |g + wd w| instead of the sum of norms (denominator: decayed). MXNet leaves out bias, scale and shift (weights_only), timm
/// tensors without decay (always_adapt: false). fastai's LARC multiplies the momentum by the present ratio
/// (applied_to: momentum), not the gradients, with trust .02, and never above 1.
struct Lars {
    enum class Form { buffer, velocity };
    enum class Of { sum, decayed };
    enum class To { gradient, momentum };
    static constexpr auto forms = etude::names("buffer", "velocity");
    static constexpr auto denominators = etude::names("sum", "decayed");
    static constexpr auto places = etude::names("gradient", "momentum");
    using Decay = etude::InnerDecay;

    double momentum = 0.9;
    Form momentum_form = Form::velocity;
    bool nesterov = false;
    double trust = 1e-3, eps = 1e-8;
    Of denominator = Of::sum;
    To applied_to = To::gradient;
    double ratio_max = etude::infinity;
    bool weights_only = false, always_adapt = true;
    double weight_decay = 5e-4;
    Decay weight_decay_form = Decay::inner;

    static constexpr auto name = "lars";
    static constexpr auto summary = "Momentum with every tensor's gradient as long as a share of its weights: for large batches.";
    static constexpr auto source = "You, Gitman & Ginsburg 2017, arXiv:1708.03888, algorithm 1";
    static constexpr double lr = 0.1;
    static constexpr auto slots = etude::names("momentum");
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("momentum", &Lars::momentum, etude::right_open(0, 1), "Share of the last step that is kept; 0 turns it off."),
                       etude::param("momentum_form", &Lars::momentum_form, forms,
                                    "buffer: the rate outside the momentum (timm); velocity: inside (the paper, MXNet, Optax)."),
                       etude::param("nesterov", &Lars::nesterov, "Step by the gradient plus the momentum after it."),
                       etude::param("trust", &Lars::trust, etude::left_open(0, etude::infinity), "Length of a step as a share of the weights' norm."),
                       etude::param("eps", &Lars::eps, etude::closed(0, 1), "Added to the denominator of the ratio."),
                       etude::param("denominator", &Lars::denominator, denominators,
                                    "Of the ratio: sum: |g| + decay |w|; decayed: |g + decay w| (Optax)."),
                       etude::param("applied_to", &Lars::applied_to, places, "What the ratio multiplies: gradient, or momentum (fastai)."),
                       etude::param("ratio_max", &Lars::ratio_max, etude::left_open(0, etude::infinity), "Largest ratio; inf does not bound it."),
                       etude::param("weights_only", &Lars::weights_only, "Leave the ratio of bias, scale and shift at 1."),
                       etude::param("always_adapt", &Lars::always_adapt, "Apply the ratio also where weight_decay is 0.")},
            etude::inner_decay_params<Lars>("inner: added to the gradient and to the ratio's denominator; the other forms as everywhere."));
    }
    static constexpr auto presets() {
        return std::tuple{
            etude::preset("paper", Lars{}, "Algorithm 1 with momentum .9 and decay 5e-4; it gives no rate."),
            etude::preset("optax", Lars{.eps = 0, .denominator = Of::decayed, .weight_decay = 0}, "optax.lars; it has no default rate."),
            etude::preset("mxnet", Lars{.momentum = 0, .weights_only = true, .weight_decay = 0}, "No momentum or decay unless asked for.").lr(0.1),
            etude::preset("timm", Lars{.momentum = 0, .momentum_form = Form::buffer, .always_adapt = false, .weight_decay = 0},
                          "The ratio goes with the decay; no momentum or decay unless asked for.").lr(1.0),
            etude::preset("fastai", Lars{.momentum_form = Form::buffer, .trust = 0.02, .applied_to = To::momentum, .ratio_max = 1, .weight_decay = 0,
                                         .weight_decay_form = Decay::decoupled}, "LARC: ratio up to 1; the rate is the Learner's.").lr(1e-3)};
    }

    void step(const etude::Step& s) const {
        const etude::InnerFactors decay = etude::inner_decay_factors(s, *this);
        const float inner = decay.inner, mu = float(momentum);
        s.each_tensor([&](etude::Step::Part part, const etude::Tensor& tensor) {
            const double r = ratio(s, part, tensor, decay);
            double take = applied_to == To::gradient ? r : 1.0, out = r / take;
            (momentum_form == Form::velocity ? take : out) *= s.lr;
            const float t = float(take), o = float(nesterov ? out * momentum : out), direct = float(nesterov ? out * take : 0.0);
            etude::each_decayed_by(s, part, decay.outer, [=](float& w, float g, float& x) {
                const float q = g + inner * w;
                x = mu * x + t * q;
                w -= o * x + direct * q;
            });
        });
    }

  private:
    ETUDE_INLINE double ratio(const etude::Step& s, etude::Step::Part part, const etude::Tensor& tensor, const etude::InnerFactors& decay) const {
        if ((weights_only && tensor.role != ETUDE_WEIGHT) || (!always_adapt && weight_decay == 0)) return 1.0;
        const double weights = etude::norm(s.weights, part), gradient = std::sqrt(etude::gradient_square(s, part, decay.outer.penalty));
        const double below = denominator == Of::decayed ? std::sqrt(etude::gradient_square(s, part, decay.outer.penalty + decay.inner))
                                                        : gradient + double(decay.inner) * weights;
        return weights > 0 && gradient > 0 && below + eps > 0 ? std::min(trust * weights / (below + eps), ratio_max) : 1.0;
    }
};
ETUDE_PLUGIN(Lars)
