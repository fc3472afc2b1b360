#include <etude/plugin.hpp>

/// p = (loss - f_star) / (c |g|^2 + eps) over all weights, at least 0
/// max:     w <- w - min(p, lr) g                          lr is the largest rate
/// smooth:  r <- min(p, growth^(1/E) r), w <- w - r f g    E updates in an epoch, r = base rate before the first, f the schedule's factor
///
/// The loss is that of the batch, without weight decay: there is none here. Where implementations differ: the authors' code smooths by
/// default and knows no f_star; Optax has c = 1, eps 0, and with its `scaling` s a step of p / s, not the documented p s.
struct PolyakSgd {
    enum class Form { max, smooth };
    static constexpr auto forms = etude::names("max", "smooth");

    Form form = Form::max;
    double f_star = 0, c = 0.5, eps = 1e-8, growth = 2;

    struct State { double rate = 0; };

    static constexpr auto name = "polyak_sgd";
    static constexpr auto summary = "Gradient descent at the rate that would bring the batch's loss to its least value.";
    static constexpr auto source = "Loizou et al. 2021, arXiv:2002.10542, eq. 3-4 and section 4; Polyak 1987";
    static constexpr double lr = 1.0;
    static constexpr auto slots = etude::names();
    static constexpr bool global = true;
    static constexpr auto params() {
        return std::tuple{etude::param("form", &PolyakSgd::form, forms,
                                       "max: bounded by the rate; smooth: begins at the rate and grows by `growth` an epoch at most."),
                          etude::param("f_star", &PolyakSgd::f_star, etude::open(-etude::infinity, etude::infinity),
                                       "Least loss that a batch can have."),
                          etude::param("c", &PolyakSgd::c, etude::open(0, etude::infinity),
                                       "Divides the rate; 1/2 is the theory's for convex losses."),
                          etude::param("eps", &PolyakSgd::eps, etude::closed(0, 1), "Added to the denominator."),
                          etude::param("growth", &PolyakSgd::growth, etude::right_open(1, etude::infinity),
                                       "Form smooth: largest growth of the rate in an epoch.")};
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("optax", PolyakSgd{.c = 1, .eps = 0}, "optax.polyak_sgd with scaling 1.").lr(1.0),
                          etude::preset("paper", PolyakSgd{.form = Form::smooth}, "Smoothed, as in its experiments.").lr(1.0)};
    }
    static constexpr auto state() { return std::tuple{etude::scalar("rate", &State::rate)}; }

    void step(const etude::Step& s, State& state) const {
        const double below = c * etude::sum_of_squares(s.gradients, {0, s.n}) + eps, gap = s.loss - f_star;
        const double wanted = gap < 0 ? 0.0 : gap / std::max(below, DBL_MIN);  // a NaN stays one
        if (form == Form::max) {
            state.rate = wanted > s.lr ? s.lr : wanted;
        } else {
            const double bound = std::pow(growth, 1 / double(s.per_epoch)) * (s.index == 0 ? s.base_lr : state.rate);
            state.rate = wanted > bound ? bound : wanted;
        }
        const float rate = float(form == Form::max ? state.rate : state.rate * (s.lr / s.base_lr));
        s.each([=](float& w, float g) { w -= rate * g; });
    }
};
ETUDE_PLUGIN(PolyakSgd)
