#include <etude/plugin.hpp>

/// L = d lr / |g_0|,   g_0 the first gradient that is not 0;   <,> and norms over all weights
/// num <- num + L <g, s>        s <- s + L g        d^ = 2 num / |s|        d <- max(d, min(d^, growth_rate d))
/// z = w0 - s        w <- momentum w + (1 - momentum) z
///
/// The rate is a multiplier: leave it at 1. A dual average: the weights follow from all gradients and w0, so weight decay can only be a penalty
/// in the gradient. Where implementations differ: the authors' code leaves the decay out of |g_0|; older versions estimate d otherwise.
struct DAdaptSgd {
    double momentum = 0, d0 = 1e-6, growth_rate = etude::infinity, weight_decay = 0;

    struct State { double d = 0, first_norm = 0, numerator = 0; };

    static constexpr auto name = "dadapt_sgd";
    static constexpr auto summary = "Gradient descent that estimates its rate from the gradients' products.";
    static constexpr auto source = "Defazio & Mishchenko 2023, arXiv:2301.07733, algorithm 4";
    static constexpr double lr = 1.0;
    static constexpr auto slots = etude::names("sum", "start");
    static constexpr bool global = true;
    static constexpr auto params() {
        return std::tuple{etude::param("momentum", &DAdaptSgd::momentum, etude::right_open(0, 1),
                                       "Share of the old weights in the new; 0 turns it off."),
                          etude::param("d0", &DAdaptSgd::d0, etude::open(0, etude::infinity), "First estimate of the distance; rather too small."),
                          etude::param("growth_rate", &DAdaptSgd::growth_rate, etude::left_open(1, etude::infinity),
                                       "Largest growth of the estimate in one update; inf does not bound it."),
                          etude::param("weight_decay", &DAdaptSgd::weight_decay, etude::right_open(0, etude::infinity),
                                       "Strength of the penalty, weight_decay x weight added to the gradient; 0 turns it off.")};
    }
    static constexpr auto presets() { return std::tuple{etude::preset("paper", DAdaptSgd{}, "The numbers of the authors' code.").lr(1.0)}; }
    static constexpr auto state() {
        return std::tuple{etude::scalar("d", &State::d), etude::scalar("first_norm", &State::first_norm),
                          etude::scalar("numerator", &State::numerator)};
    }

    void step(const etude::Step& s, State& state) const {
        const etude::Step::Part all{0, s.n};
        const float penalty = float(weight_decay);
        if (s.index == 0) {
            state.d = d0;
            s.each([](float& w, float, float&, float& start) { start = w; });
        }
        if (state.first_norm == 0) state.first_norm = std::sqrt(etude::gradient_square(s, all, penalty));
        if (state.first_norm == 0) return;

        const double lambda = state.d * s.lr / state.first_norm;
        const float *w = s.weights, *g = s.gradients, *sums = s.slots[0];
        const double product = etude::Step::sum(0, s.n, [=](std::size_t i) { return double(g[i] + penalty * w[i]) * double(sums[i]); });
        state.numerator += lambda * product;
        const float step = float(lambda), mix = float(1 - momentum);
        s.each([=](float& weight, float gradient, float& sum) { sum += step * (gradient + penalty * weight); });
        const double length = etude::norm(sums, all);
        if (s.lr > 0 && length > 0) state.d = std::max(state.d, std::min(2 * state.numerator / length, state.d * growth_rate));
        s.each([=](float& weight, float, float& sum, float& start) { weight += mix * (start - sum - weight); });
    }
};
ETUDE_PLUGIN(DAdaptSgd)
