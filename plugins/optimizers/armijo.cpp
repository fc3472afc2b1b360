#include <etude/plugin.hpp>

/// r = s, s shrink, s shrink^2, ...: the first with  loss(w - r f g) <= loss(w) - c r f |g|^2,  on the same batch; then w <- w - r f g
/// s = base rate in the first update; then  grow: growth^(1/E) r   keep: r   initial: base rate, with r of the update before
/// f = the schedule's factor, E = updates in an epoch
///
/// The gradient's norm is over all weights. After `max_tries` tries in vain r is 1e-6, as in the authors' code. That code lets s grow before the
/// first update too; the paper (algorithm 2) does not. A try costs a forward pass, with the masks of dropout as they were.
struct Armijo {
    enum class Reset { grow, keep, initial };
    static constexpr auto resets = etude::names("grow", "keep", "initial");
    static constexpr double when_in_vain = 1e-6;

    double c = 0.1, shrink = 0.9, growth = 2;
    std::int64_t max_tries = 100;
    Reset reset = Reset::grow;

    struct State { double rate = 0; };  // r of the update before; 0 before the first

    static constexpr auto name = "armijo";
    static constexpr auto summary = "Gradient descent at the largest rate tried that lowers the batch's loss enough.";
    static constexpr auto source = "Vaswani et al. 2019, arXiv:1905.09997, eq. 1 and algorithms 1-2; Armijo 1966";
    static constexpr double lr = 1.0;
    static constexpr auto slots = etude::names();
    static constexpr bool global = true;
    static constexpr std::uint32_t max_probes = 1000;
    static constexpr bool probes_loss_alone = true;
    static constexpr auto params() {
        return std::tuple{etude::param("c", &Armijo::c, etude::open(0, 1), "Share of the decrease along the gradient that is asked for."),
                          etude::param("shrink", &Armijo::shrink, etude::open(0, 1), "Times the rate after a try in vain."),
                          etude::param("growth", &Armijo::growth, etude::right_open(1, etude::infinity),
                                       "Reset grow: growth of the first try in an epoch."),
                          etude::param("max_tries", &Armijo::max_tries, etude::closed(1, max_probes), "Tries in an update."),
                          etude::param("reset", &Armijo::reset, resets,
                                       "Where an update begins to try: grow: a little above the last rate; keep: at it; initial: at the base rate.")};
    }
    static constexpr auto state() { return std::tuple{etude::scalar("rate", &State::rate)}; }

    double first_try(const etude::Step& s, const State& state) const {
        if (reset == Reset::initial || !(state.rate > 0)) return s.base_lr;
        return reset == Reset::keep ? state.rate : state.rate * std::pow(growth, 1 / double(s.per_epoch));
    }
    double rate_of(const etude::Step& s, const State& state, std::uint32_t tried) const {
        return first_try(s, state) * std::pow(shrink, double(tried));
    }
    static double factor(const etude::Step& s) { return s.lr / s.base_lr; }

    /// Did the last try lower the loss enough?
    bool is_enough(const etude::Step& s, const State& state, double squares) const {
        if (s.probes == 0) return false;
        const double step = rate_of(s, state, s.probes - 1) * factor(s);
        return s.probe_loss[s.probes - 1] <= s.loss - c * step * squares;
    }
    /// w - r f g, in one way of rounding for what is tried and for what is done.
    static void go(const etude::Step& s, double rate, float* to) {
        const float step = float(rate * factor(s));
        const float *const w = s.weights, *const g = s.gradients;
        ETUDE_VECTORIZE
        for (std::size_t i = 0; i < s.n; ++i) to[i] = w[i] - step * g[i];
    }

    bool probe(const etude::Step& s, float* point, const State& state) const {
        const double squares = etude::sum_of_squares(s.gradients, {0, s.n});
        if (s.lr == 0 || !(squares > 0) || s.probes == std::uint32_t(max_tries) || is_enough(s, state, squares)) return false;
        go(s, rate_of(s, state, s.probes), point);
        return true;
    }
    void step(const etude::Step& s, State& state) const {
        if (s.probes == 0) return go(s, 0, s.weights);  // rate 0, or nowhere to go; a gradient that is no number shows
        const bool found = is_enough(s, state, etude::sum_of_squares(s.gradients, {0, s.n}));
        state.rate = found ? rate_of(s, state, s.probes - 1) : when_in_vain;
        go(s, state.rate, s.weights);
    }
};
ETUDE_PLUGIN(Armijo)
