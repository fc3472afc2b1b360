#include <etude/plugin.hpp>
#include <stdexcept>

/// momentum 0:          w <- w - lr g
/// buffer:              b <- mu b + (1 - dampening) g, the first time b = g    w <- w - lr b      nesterov: w - lr (g + mu b)
/// velocity:            v <- mu v - lr g                                       w <- w + v         nesterov: w + mu v - lr g
/// velocity_corrected:  v <- mu (lr_t / lr_{t-1}) v - lr g                     as velocity
/// ema:                 b <- mu b + (1 - mu) g                                 w <- w - lr b      nesterov: w - lr ((1 - mu) g + mu b)
///
/// Where implementations differ: PyTorch and Optax keep the rate out of the memory (buffer), Keras, MXNet and TensorFlow in it (velocity).
/// The two are equal as long as the rate is constant and part under every schedule; Goyal et al. correct the velocity for the change of
/// the rate, which is the buffer form again. After an update at rate 0 the velocity is 0, so the corrected one begins anew. Nesterov is
/// the form of Sutskever et al. in all of them: the gradient is taken at the weights, not ahead of them. PyTorch refuses nesterov
/// without momentum; here it then changes nothing, so that a sweep over `momentum` may hold 0. With momentum 0 the slot is left alone.
struct Sgd {
    enum class Form { buffer, velocity, velocity_corrected, ema };
    static constexpr auto forms = etude::names("buffer", "velocity", "velocity_corrected", "ema");
    using Decay = etude::WeightDecay;

    double momentum = 0;
    Form momentum_form = Form::buffer;
    double dampening = 0;
    bool nesterov = false;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    struct State { double previous_lr = 0; };

    static constexpr auto name = "sgd";
    static constexpr auto summary = "Stochastic gradient descent, with momentum in four forms, and Nesterov's.";
    static constexpr auto source = "Robbins & Monro 1951; Polyak 1964; Sutskever et al. 2013, eq. 3-4; Goyal et al. 2017, arXiv:1706.02677, eq. 9-10";
    static constexpr double lr = 0.01;
    static constexpr auto slots = etude::names("momentum");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("momentum", &Sgd::momentum, etude::right_open(0, 1), "Share of the last step that is kept; 0 turns it off."),
                       etude::param("momentum_form", &Sgd::momentum_form, forms,
                                    "buffer: a sum of gradients, rate outside (PyTorch); velocity: a sum of steps, rate inside (Keras); "
                                    "velocity_corrected: the same, rescaled when the rate changes; ema: a mean of gradients."),
                       etude::param("dampening", &Sgd::dampening, etude::closed(0, 1),
                                    "Share of the gradient kept out of the buffer, but for the first; form buffer only."),
                       etude::param("nesterov", &Sgd::nesterov, "Step by the gradient plus the momentum after it.")},
            etude::weight_decay_params<Sgd>());
    }
    static constexpr auto presets() {
        return std::tuple{
            etude::preset("pytorch", Sgd{}, "The plain defaults, with the rate that PyTorch has had since 2.x.").lr(1e-3),
            etude::preset("keras2", Sgd{.momentum_form = Form::velocity}, "Its `decay` is the schedule `inverse_time`.").lr(0.01),
            etude::preset("keras3", Sgd{.momentum_form = Form::velocity, .weight_decay_form = Decay::decoupled},
                          "As Keras 2; weight decay is off the weights.").lr(0.01),
            etude::preset("optax", Sgd{}, "optax.sgd; it has no default rate."),
            etude::preset("mxnet", Sgd{.momentum_form = Form::velocity}, "The rate inside the velocity, decay in the gradient.").lr(0.1),
            etude::preset("fastai", Sgd{.weight_decay_form = Decay::decoupled},
                          "Weight decay is off the weights; the rate is the Learner's.").lr(1e-3)};
    }
    static constexpr auto state() { return std::tuple{etude::scalar("previous_lr", &State::previous_lr)}; }

    void check() const {
        if (dampening != 0 && momentum_form != Form::buffer) throw std::invalid_argument("dampening belongs to momentum_form: buffer");
        if (dampening != 0 && nesterov) throw std::invalid_argument("nesterov needs dampening: 0");
    }

    /// Every form is x <- keep x + take g, w <- w - (out x + direct g) with its own four numbers.
    void step(const etude::Step& s, State& state) const {
        const double mu = momentum;
        double keep = mu, take = s.index == 0 ? 1.0 : 1.0 - dampening, out = s.lr, direct = s.lr;
        if (momentum_form == Form::ema) {
            take = 1.0 - mu;
            direct = s.lr * (1.0 - mu);
        } else if (momentum_form != Form::buffer) {
            if (momentum_form == Form::velocity_corrected) keep = state.previous_lr > 0 ? mu * (s.lr / state.previous_lr) : 0.0;
            take = -s.lr;
            out = -1.0;
        }
        state.previous_lr = s.lr;

        const float k = float(keep), t = float(take), o = float(nesterov ? out * mu : out), d = float(direct), rate = float(s.lr);
        if (mu == 0) {
            etude::each_decayed(s, *this, [=](float& w, float g) { w -= rate * g; });
        } else if (nesterov) {
            etude::each_decayed(s, *this, [=](float& w, float g, float& x) {
                x = k * x + t * g;
                w -= o * x + d * g;
            });
        } else {
            etude::each_decayed(s, *this, [=](float& w, float g, float& x) {
                x = k * x + t * g;
                w -= o * x;
            });
        }
    }
};
ETUDE_PLUGIN(Sgd)
