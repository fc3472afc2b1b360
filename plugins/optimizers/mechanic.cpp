#include <etude/plugin.hpp>

/// Inner optimizer, sgd with momentum:  b <- momentum b + g,  u = lr b
/// S = sum of s_i        h = <g + lambda |g| / (|w| + eps) S w, Delta>   over all weights        then  Delta <- Delta + u
/// six bettors, B_i = 1 - 10^-i, all starting at s_i = s_init, r_i = v_i = m_i = 0:
///   r_i <- B_i r_i + s_i clamp(h, -m_i, m_i)        m_i <- max(B_i m_i, |h| + eps)        v_i <- B_i^2 v_i + h^2
///   s_i = (s_init / 6 m_i + max(0, r_i)) / (sqrt(v_i) + eps)
/// w = w0 - S Delta   with the new S
///
/// Mechanic wraps any optimizer. A plugin cannot hold another one here, so this is the wrapper around sgd: lr and its schedule are those of the
/// inner optimizer, and 1 is a good base. The clamp of h is younger than the paper (as in Optax). Optax computes Delta from the weights,
/// (w0 - w) / S: with S = 1e-6 that loses most digits in float, so it has a slot here.
struct Mechanic {
    double momentum = 0.9, lambda = 0.01, s_init = 1e-6, eps = 1e-8;

    static constexpr std::size_t bettors = 6;
    struct State { std::array<double, bettors> r{}, m{}, v{}, s{}; };

    static constexpr auto name = "mechanic";
    static constexpr auto summary = "Gradient descent with momentum whose scale is found by betting on its own steps.";
    static constexpr auto source = "Cutkosky, Defazio & Mehta 2023, arXiv:2306.00144, algorithm 1";
    static constexpr double lr = 1.0;
    static constexpr auto slots = etude::names("momentum", "delta", "start");
    static constexpr bool global = true;
    static constexpr auto params() {
        return std::tuple{etude::param("momentum", &Mechanic::momentum, etude::right_open(0, 1),
                                       "Of the inner sgd: share of the last step that is kept."),
                          etude::param("lambda", &Mechanic::lambda, etude::right_open(0, etude::infinity),
                                       "Strength of the pull towards 0 in what the bets are on; it steadies the scale. 0 turns it off."),
                          etude::param("s_init", &Mechanic::s_init, etude::open(0, etude::infinity), "First scale; rather too small."),
                          etude::param("eps", &Mechanic::eps, etude::open(0, 1), "Added to bets and denominators.")};
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("optax", Mechanic{}, "The numbers of optax.contrib.mechanize.").lr(1.0),
                          etude::preset("paper", Mechanic{}, "Algorithm 1 with its numbers, h clamped.").lr(1.0)};
    }
    static constexpr auto state() {
        return std::tuple{etude::scalar("r", &State::r), etude::scalar("m", &State::m), etude::scalar("v", &State::v), etude::scalar("s", &State::s)};
    }

    void step(const etude::Step& s, State& state) const {
        const etude::Step::Part all{0, s.n};
        if (s.index == 0) {
            state.s.fill(s_init);
            s.each([](float& w, float, float&, float&, float& start) { start = w; });
        }
        const double pull = lambda * std::sqrt(etude::gradient_square(s, all, 0.0f)) / (etude::norm(s.weights, all) + eps) * total(state);
        const float *w = s.weights, *g = s.gradients, *delta = s.slots[1];
        bet(state, etude::Step::sum(0, s.n, [=](std::size_t i) { return (double(g[i]) + pull * double(w[i])) * double(delta[i]); }));

        const float mu = float(momentum), rate = float(s.lr), scale = float(total(state));
        s.each([=](float& weight, float gradient, float& b, float& moved, float& start) {
            b = mu * b + gradient;
            moved += rate * b;
            weight = start - scale * moved;
        });
    }

  private:
    ETUDE_INLINE static double total(const State& state) {
        double sum = 0;
        for (const double scale : state.s) sum += scale;
        return sum;
    }
    ETUDE_INLINE void bet(State& state, double h) const {
        double shortfall = 1;
        for (std::size_t i = 0; i < bettors; ++i) {
            shortfall *= 0.1;
            const double beta = 1 - shortfall;
            state.r[i] = beta * state.r[i] + state.s[i] * std::min(std::max(h, -state.m[i]), state.m[i]);
            state.m[i] = std::max(beta * state.m[i], std::abs(h) + eps);
            state.v[i] = beta * beta * state.v[i] + h * h;
            state.s[i] = (s_init / double(bettors) * state.m[i] + std::max(0.0, state.r[i])) / (std::sqrt(state.v[i]) + eps);
        }
    }
};
ETUDE_PLUGIN(Mechanic)
