#include <etude/plugin.hpp>

/// v <- rho v + (1-rho) g^2,   s = v            centered also: m <- rho m + (1-rho) g,   s = v - m^2
/// den = sqrt(s) + eps (outside) or sqrt(s + eps) (inside)
/// momentum 0:  w <- w - lr g / den
/// buffer:      b <- mu b + g / den             w <- w - lr b
/// velocity:    u <- mu u + lr g / den          w <- w - u
///
/// Where implementations differ: PyTorch, Keras 2 and MXNet have eps outside, Keras 3, Optax and MXNet's centered form inside. PyTorch
/// keeps the rate out of the momentum (buffer), Keras 3, Optax and MXNet in it. MXNet ignores its momentum of .9 unless centered: for that
/// form say `preset: mxnet, centered: true, momentum: 0.9, eps_place: inside`. All compute v - m^2, which loses its digits, or becomes
/// negative and the weight NaN, when gradients hardly change; here the slot holds s itself, by an identity that has no such difference:
/// s <- rho (s + (1-rho) (g - m)^2), with the m before the update.
struct RmsProp {
    enum class Form { buffer, velocity };
    static constexpr auto forms = etude::names("buffer", "velocity");
    using Decay = etude::WeightDecay;
    using EpsPlace = etude::EpsPlace;

    double rho = 0.99, eps = 1e-8;
    EpsPlace eps_place = EpsPlace::outside;
    bool centered = false;
    double momentum = 0;
    Form momentum_form = Form::buffer;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    static constexpr auto name = "rmsprop";
    static constexpr auto summary = "Gradients divided by the root of their running mean square, or standard deviation.";
    static constexpr auto source = "Hinton, Neural Networks for Machine Learning 2012, lecture 6e; centered: Graves 2013, arXiv:1308.0850, eq. 38-45";
    static constexpr double lr = 0.01;
    static constexpr auto slots = etude::names("spread", "momentum", "mean");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("rho", &RmsProp::rho, etude::right_open(0, 1), "Decay of the mean of squares."),
                       etude::param("eps", &RmsProp::eps, etude::closed(0, 1), "Added to the root, or to what is under it."),
                       etude::param("eps_place", &RmsProp::eps_place, etude::eps_places, "outside: sqrt(s) + eps; inside: sqrt(s + eps)."),
                       etude::param("centered", &RmsProp::centered, "Subtract the squared mean of gradients: the variance, not the mean square."),
                       etude::param("momentum", &RmsProp::momentum, etude::right_open(0, 1), "Share of the last step that is kept; 0 turns it off."),
                       etude::param("momentum_form", &RmsProp::momentum_form, forms,
                                    "buffer: the rate outside the momentum (PyTorch); velocity: inside (Keras 3, Optax).")},
            etude::weight_decay_params<RmsProp>());
    }
    static constexpr auto presets() {
        return std::tuple{
            etude::preset("pytorch", RmsProp{}, "The plain defaults.").lr(0.01),
            etude::preset("keras2", RmsProp{.rho = 0.9, .eps = 1e-7, .momentum_form = Form::velocity},
                          "Shorter memory, eps 1e-7 outside the root.").lr(1e-3),
            etude::preset("keras3", RmsProp{.rho = 0.9, .eps = 1e-7, .eps_place = EpsPlace::inside, .momentum_form = Form::velocity,
                                            .weight_decay_form = Decay::decoupled}, "As Keras 2, with eps under the root.").lr(1e-3),
            etude::preset("optax", RmsProp{.rho = 0.9, .eps_place = EpsPlace::inside, .momentum_form = Form::velocity},
                          "optax.rmsprop; it has no default rate."),
            etude::preset("mxnet", RmsProp{.rho = 0.9, .momentum_form = Form::velocity}, "Its form that is not centered.").lr(1e-3)};
    }

    void step(const etude::Step& s) const {
        const float r = float(rho), a = float(1 - rho);
        if (centered) {
            divide(s, [=](float g, float& variance, float& m) {
                const float off = g - m;
                m = r * m + a * g;
                return variance = r * (variance + a * (off * off));
            });
        } else {
            divide(s, [=](float g, float& v, float&) { return v = r * v + a * (g * g); });
        }
    }

  private:
    /// `spread`(g, spread, mean) updates what it needs and returns s.
    template <class Spread> ETUDE_INLINE void divide(const etude::Step& s, Spread spread) const {
        const etude::Denominator add(eps, eps_place);
        const float mu = float(momentum);
        const float in = add.inside, out = add.outside;
        const float rate = float(s.lr);
        const bool rate_inside = momentum_form == Form::velocity;
        const float take = rate_inside ? rate : 1.0f, give = rate_inside ? 1.0f : rate;
        if (momentum == 0) {
            etude::each_decayed(s, *this, [=](float& w, float g, float& v, float&, float& m) {
                w -= rate * g / (std::sqrt(spread(g, v, m) + in) + out);
            });
        } else {
            etude::each_decayed(s, *this, [=](float& w, float g, float& v, float& b, float& m) {
                b = mu * b + take * g / (std::sqrt(spread(g, v, m) + in) + out);
                w -= give * b;
            });
        }
    }
};
ETUDE_PLUGIN(RmsProp)
