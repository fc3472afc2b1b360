#include <etude/plugin.hpp>
#include <stdexcept>

/// h = g . u over all weights, u the direction of the update before: m^ / (sqrt(v^) + eps) with that update's bias corrections
/// additive:  r <- r + beta h        multiplicative:  r <- r (1 + beta h / (|g| |u|));  kept in [rate_min, rate_max]
/// then adam's step at the rate r f; r = base rate before the first update, f the schedule's factor. u is computed from m and v anew.
///
/// Where implementations differ: the authors' code (eps_place hat) moves the rate between the tensors of one update, here once for all;
/// and lets it become negative, here it stops at rate_min = 0.
struct AdamHd {
    enum class Form { additive, multiplicative };
    static constexpr auto forms = etude::names("additive", "multiplicative");
    using Decay = etude::WeightDecay;
    using EpsPlace = etude::AdamEps;

    double beta = 1e-8;
    Form form = Form::additive;
    double rate_min = 0, rate_max = etude::infinity;
    double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
    EpsPlace eps_place = EpsPlace::outside;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    struct State : etude::BetaProducts { double rate = 0; };

    static constexpr auto name = "adam_hd";
    static constexpr auto summary = "Adam whose rate itself descends, by the product of gradient and last direction.";
    static constexpr auto source = "Baydin et al. 2018, arXiv:1703.04782, algorithm 6";
    static constexpr double lr = 1e-3;
    static constexpr auto slots = etude::names("m", "v");
    static constexpr bool global = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta", &AdamHd::beta, etude::right_open(0, etude::infinity), "Rate of the rate's own descent; 0 holds it."),
                       etude::param("form", &AdamHd::form, forms,
                                    "additive: the rate moves by beta x product; multiplicative: by the share beta x cosine (try .02)."),
                       etude::param("rate_min", &AdamHd::rate_min, etude::right_open(0, etude::infinity), "Smallest rate."),
                       etude::param("rate_max", &AdamHd::rate_max, etude::left_open(0, etude::infinity), "Largest rate; inf does not bound it."),
                       etude::param("beta1", &AdamHd::beta1, etude::right_open(0, 1), "Decay of the mean of gradients."),
                       etude::param("beta2", &AdamHd::beta2, etude::right_open(0, 1), "Decay of the mean of squares."),
                       etude::param("eps", &AdamHd::eps, etude::closed(0, 1), "Added to the root."),
                       etude::param("eps_place", &AdamHd::eps_place, etude::adam_eps_places,
                                    "After bias correction, or before it as in the authors' code (epsilon-hat).")},
            etude::weight_decay_params<AdamHd>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("paper", AdamHd{.eps_place = EpsPlace::hat}, "The numbers of the authors' code.").lr(1e-3)};
    }
    static constexpr auto state() {
        return std::tuple_cat(etude::BetaProducts::table(), std::tuple{etude::scalar("rate", &State::rate)});
    }

    void check() const {
        if (rate_min > rate_max) throw std::invalid_argument("rate_min must not be above rate_max");
    }

    void step(const etude::Step& s, State& state) const {
        if (s.index == 0) state.rate = s.base_lr;
        else descend_rate(s, state);
        state.rate = std::min(std::max(state.rate, rate_min), rate_max);

        state.product1 *= beta1;
        state.product2 *= beta2;
        const Direction direction = direction_of(state);
        const double applied = state.rate * (s.lr / s.base_lr);
        const float b1 = float(beta1), a1 = float(1 - beta1), b2 = float(beta2), a2 = float(1 - beta2), rate = float(applied);
        etude::each_decayed_by(s, {0, s.n}, etude::decay_factors(s, weight_decay, weight_decay_form, applied),
                               [=](float& w, float g, float& m, float& v) {
            m = b1 * m + a1 * g;
            v = b2 * v + a2 * (g * g);
            w -= rate * direction(m, v);
        });
    }

  private:
    struct Direction {
        float of_mean, of_square, eps;
        ETUDE_INLINE float operator()(float m, float v) const { return of_mean * m / (std::sqrt(v * of_square) + eps); }
    };
    ETUDE_INLINE Direction direction_of(const State& state) const {
        const double unbias = std::sqrt(1 - state.product2);
        const bool hat = eps_place == EpsPlace::hat;
        return {float((hat ? unbias : 1.0) / (1 - state.product1)), float(hat ? 1.0 : 1 / (unbias * unbias)), etude::denominator_eps(eps)};
    }
    ETUDE_INLINE void descend_rate(const etude::Step& s, State& state) const {
        const float penalty = etude::decay_factors(s, *this).penalty;
        const float *w = s.weights, *g = s.gradients, *m = s.slots[0], *v = s.slots[1];
        const Direction direction = direction_of(state);
        const double product = etude::Step::sum(0, s.n, [=](std::size_t i) { return double(g[i] + penalty * w[i]) * double(direction(m[i], v[i])); });
        if (form == Form::additive) {
            state.rate += beta * product;
            return;
        }
        const double square = etude::Step::sum(0, s.n, [=](std::size_t i) { return double(direction(m[i], v[i])) * double(direction(m[i], v[i])); });
        const double lengths = std::sqrt(etude::gradient_square(s, {0, s.n}, penalty) * square);
        state.rate *= 1 + beta * (lengths > 0 ? product / lengths : 0.0);
    }
};
ETUDE_PLUGIN(AdamHd)
