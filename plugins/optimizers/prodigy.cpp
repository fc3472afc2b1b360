#include <etude/plugin.hpp>

/// D = d lr c,   c = sqrt(1 - prod b2) / (1 - prod b1) with bias_correction, else 1;   <,> and |.|_1 over all weights
/// num <- b3 num + (d/d0) D <g, w0 - w>
/// m <- b1 m + (1-b1) d g        v <- b2 v + (1-b2) d^2 g^2        s <- b3 s + (d/d0) D g   (safeguard: d in place of D)
/// d^ = d_coef num / |s|_1        d <- max(d, d^), at most growth_rate d
/// w <- w - D m / (sqrt(v) + d eps)   (D with the old d, eps with the new);   weight decay is multiplied by D
///
/// The rate is a multiplier: leave it at 1, a schedule may move it. Where implementations differ: the authors' code corrects no bias unless
/// asked, Optax always does. b3 is sqrt(b2) in both. An update without a gradient anywhere, or at rate 0, leaves d alone. The first steps,
/// a millionth of a weight, are lost to a good part in a float; d grows from their sum, so what w has no digits for is kept in slot `rest`.
struct Prodigy {
    using Decay = etude::WeightDecay;

    double beta1 = 0.9, beta2 = 0.999, beta3 = 0, eps = 1e-8, d0 = 1e-6, d_coef = 1, growth_rate = etude::infinity;
    bool bias_correction = false, safeguard = false;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::decoupled;

    struct State : etude::BetaProducts { double d = 0, largest = 0, numerator = 0; };

    static constexpr auto name = "prodigy";
    static constexpr auto summary = "Adam that estimates its rate from how far the weights have come.";
    static constexpr auto source = "Mishchenko & Defazio 2023, arXiv:2306.06101, algorithm 4";
    static constexpr double lr = 1.0;
    static constexpr auto slots = etude::names("m", "v", "sum", "start", "rest");
    static constexpr bool global = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta1", &Prodigy::beta1, etude::right_open(0, 1), "Decay of the mean of gradients."),
                       etude::param("beta2", &Prodigy::beta2, etude::right_open(0, 1), "Decay of the mean of squares."),
                       etude::param("beta3", &Prodigy::beta3, etude::right_open(0, 1),
                                    "Decay of the estimate's two sums; 0 takes the root of beta2."),
                       etude::param("eps", &Prodigy::eps, etude::closed(0, 1), "Added to the root, times d."),
                       etude::param("d0", &Prodigy::d0, etude::open(0, etude::infinity), "First estimate of the distance; rather too small."),
                       etude::param("d_coef", &Prodigy::d_coef, etude::open(0, etude::infinity), "Multiplies new estimates."),
                       etude::param("growth_rate", &Prodigy::growth_rate, etude::left_open(1, etude::infinity),
                                    "Largest growth of the estimate in one update; inf does not bound it."),
                       etude::param("bias_correction", &Prodigy::bias_correction, "Correct the bias of both means, as Adam does."),
                       etude::param("safeguard", &Prodigy::safeguard, "Keep the rate out of the denominator: for warm-up.")},
            etude::weight_decay_params<Prodigy>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("optax", Prodigy{.bias_correction = true}, "optax.contrib.prodigy: bias corrected.").lr(1.0),
                          etude::preset("paper", Prodigy{}, "The numbers of the authors' code.").lr(1.0)};
    }
    static constexpr auto state() {
        return std::tuple_cat(etude::BetaProducts::table(), std::tuple{etude::scalar("d", &State::d), etude::scalar("largest", &State::largest),
                                                                       etude::scalar("numerator", &State::numerator)});
    }

    void step(const etude::Step& s, State& state) const {
        if (s.index == 0) {
            state.d = state.largest = d0;
            s.each([](float& w, float, float&, float&, float&, float& start, float&) { start = w; });
        }
        const double b3 = beta3 > 0 ? beta3 : std::sqrt(beta2), product1 = state.product1 * beta1, product2 = state.product2 * beta2;
        state.numerator *= b3;
        if (!(s.lr > 0)) return;

        const double d = state.d, rate = d * s.lr * (bias_correction ? std::sqrt(1 - product2) / (1 - product1) : 1.0);
        const etude::DecayFactors decay = etude::decay_factors(s, weight_decay, weight_decay_form, rate);
        state.numerator += d / d0 * rate * progress(s, decay.penalty);
        const double sum = advance(s, decay.penalty, d, b3, d / d0 * (safeguard ? d : rate));
        if (sum == 0) return;

        state.product1 = product1, state.product2 = product2;
        const double estimate = d_coef * state.numerator / sum, grown = d == d0 ? std::max(d, estimate) : d;  // the first growth is free
        state.largest = std::max(state.largest, estimate);
        state.d = std::min(state.largest, grown * growth_rate);
        descend(s, decay, rate, state.d);
    }

  private:
    /// <g, start - w>
    ETUDE_INLINE double progress(const etude::Step& s, float penalty) const {
        const float *w = s.weights, *g = s.gradients, *start = s.slots[3], *rest = s.slots[4];
        return etude::Step::sum(0, s.n, [=](std::size_t i) {
            return double(g[i] + penalty * w[i]) * (double(start[i]) - double(w[i]) - double(rest[i]));
        });
    }
    /// Moves m, v and the sum; returns |sum|_1.
    ETUDE_INLINE double advance(const etude::Step& s, float penalty, double d, double b3, double weight) const {
        const float b1 = float(beta1), a1 = float(d * (1 - beta1)), b2 = float(beta2), a2 = float(d * d * (1 - beta2));
        const float k3 = float(b3), a3 = float(weight);
        s.each([=](float& w, float g, float& m, float& v, float& sum) {
            const float q = g + penalty * w;
            m = b1 * m + a1 * q;
            v = b2 * v + a2 * (q * q);
            sum = k3 * sum + a3 * q;
        });
        const float* const sum = s.slots[2];
        return etude::Step::sum(0, s.n, [=](std::size_t i) { return std::abs(double(sum[i])); });
    }
    ETUDE_INLINE void descend(const etude::Step& s, const etude::DecayFactors& decay, double by, double d) const {
        const float rate = float(by), e = etude::denominator_eps(eps * d);
        const float before = decay.before, after = decay.after;
        s.each([=](float& w, float, float& m, float& v, float&, float&, float& rest) {
            const float step = rest - (before * w + rate * m / (std::sqrt(v) + e)), whole = step - after * (w + step);
            const float sum = w + whole, taken = sum - w;
            rest = (w - (sum - taken)) + (whole - taken);  // Knuth's exact error of the sum
            w = sum;
        });
    }
};
ETUDE_PLUGIN(Prodigy)
