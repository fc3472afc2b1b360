#include <etude/plugin.hpp>

/// G <- rho G + (1-rho) g^2        step = sqrt(D + eps) / sqrt(G + eps) g        D <- rho D + (1-rho) step^2        w <- w - lr step
/// D remembers the step before the rate is applied.
///
/// Where implementations differ: the paper has no rate, that is 1, with rho .95 and eps 1e-6. PyTorch, MXNet and Optax take rho .9; Keras
/// rho .95 and eps 1e-7. Keras 3 has a rate of .001, with which hardly anything is learned at first; Keras 2 had 1.
struct Adadelta {
    using Decay = etude::WeightDecay;

    double rho = 0.9, eps = 1e-6;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    static constexpr auto name = "adadelta";
    static constexpr auto summary = "Steps as large as the steps before them: no rate is needed.";
    static constexpr auto source = "Zeiler 2012, arXiv:1212.5701, algorithm 1";
    static constexpr double lr = 1.0;
    static constexpr auto slots = etude::names("gradient_square", "step_square");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(std::tuple{etude::param("rho", &Adadelta::rho, etude::right_open(0, 1), "Decay of both means of squares."),
                                         etude::param("eps", &Adadelta::eps, etude::closed(0, 1),
                                                      "Added under both roots; its size sets the first steps.")},
                              etude::weight_decay_params<Adadelta>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("pytorch", Adadelta{}, "The plain defaults.").lr(1.0),
                          etude::preset("keras2", Adadelta{.rho = 0.95, .eps = 1e-7}, "Longer memory, smaller eps.").lr(1.0),
                          etude::preset("keras3", Adadelta{.rho = 0.95, .eps = 1e-7, .weight_decay_form = Decay::decoupled},
                                        "As Keras 2 at a rate of .001.").lr(1e-3),
                          etude::preset("optax", Adadelta{}, "optax.adadelta; it has no default rate."),
                          etude::preset("mxnet", Adadelta{}, "The same numbers as PyTorch.").lr(1.0),
                          etude::preset("paper", Adadelta{.rho = 0.95}, "Algorithm 1 with the numbers of its experiments.").lr(1.0)};
    }

    void step(const etude::Step& s) const {
        const float r = float(rho), a = float(1 - rho), e = etude::denominator_eps(eps), rate = float(s.lr);
        etude::each_decayed(s, *this, [=](float& w, float g, float& gradient_square, float& step_square) {
            gradient_square = r * gradient_square + a * (g * g);
            const float step = std::sqrt(step_square + e) / std::sqrt(gradient_square + e) * g;
            step_square = r * step_square + a * (step * step);
            w -= rate * step;
        });
    }
};
ETUDE_PLUGIN(Adadelta)
