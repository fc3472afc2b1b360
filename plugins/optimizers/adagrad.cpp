#include <etude/plugin.hpp>

/// a <- a + g^2, a = `accumulator` before the first update
/// w <- w - lr / (1 + t lr_decay) g / den,   den = sqrt(a) + eps (outside) or sqrt(a + eps) (inside),   t = updates done before this one
///
/// Where implementations differ: PyTorch, Keras 2 and MXNet begin with a = 0 and have eps outside (1e-10, 1e-7, 1e-6); Keras 3 and Optax
/// begin with a = 0.1 and have 1e-7 inside. Keras 3 also lowered the rate from .01 to .001, where little is learned. Only PyTorch has
/// lr_decay; it goes on top of the schedule.
struct Adagrad {
    using Decay = etude::WeightDecay;
    using EpsPlace = etude::EpsPlace;

    double accumulator = 0, eps = 1e-10;
    EpsPlace eps_place = EpsPlace::outside;
    double lr_decay = 0;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    static constexpr auto name = "adagrad";
    static constexpr auto summary = "Gradients divided by the root of the sum of all their squares.";
    static constexpr auto source = "Duchi, Hazan & Singer 2011, JMLR 12, diagonal form of algorithm 1";
    static constexpr double lr = 0.01;
    static constexpr auto slots = etude::names("sum");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("accumulator", &Adagrad::accumulator, etude::right_open(0, etude::infinity),
                                    "The sum of squares before the first update."),
                       etude::param("eps", &Adagrad::eps, etude::closed(0, 1), "Added to the root, or to what is under it."),
                       etude::param("eps_place", &Adagrad::eps_place, etude::eps_places, "outside: sqrt(a) + eps; inside: sqrt(a + eps)."),
                       etude::param("lr_decay", &Adagrad::lr_decay, etude::right_open(0, etude::infinity),
                                    "Divides the rate by 1 + lr_decay x updates done, on top of the schedule; 0 turns it off.")},
            etude::weight_decay_params<Adagrad>());
    }
    static constexpr auto presets() {
        return std::tuple{
            etude::preset("pytorch", Adagrad{}, "The plain defaults.").lr(0.01),
            etude::preset("keras2", Adagrad{.eps = 1e-7}, "The sum begins at 0, eps 1e-7 outside the root.").lr(0.01),
            etude::preset("keras3", Adagrad{.accumulator = 0.1, .eps = 1e-7, .eps_place = EpsPlace::inside, .weight_decay_form = Decay::decoupled},
                          "The sum begins at 0.1, eps under the root, a rate of .001.").lr(1e-3),
            etude::preset("optax", Adagrad{.accumulator = 0.1, .eps = 1e-7, .eps_place = EpsPlace::inside}, "optax.adagrad; it has no default rate."),
            etude::preset("mxnet", Adagrad{.eps = 1e-6}, "As Keras 2 with eps 1e-6.").lr(0.01)};
    }

    void step(const etude::Step& s) const {
        const etude::Denominator add(eps, eps_place);
        const float start = s.index == 0 ? float(accumulator) : 0.0f;  // slots begin at 0
        const float rate = float(s.lr / (1.0 + double(s.index) * lr_decay)), in = add.inside, out = add.outside;
        etude::each_decayed(s, *this, [=](float& w, float g, float& a) {
            a = (a + start) + g * g;
            w -= rate * g / (std::sqrt(a + in) + out);
        });
    }
};
ETUDE_PLUGIN(Adagrad)
