#include <etude/plugin.hpp>
#include <stdexcept>

/// h = g . u over all weights, u the direction of the update before
/// additive:        r <- r + beta h                     multiplicative:  r <- r (1 + beta h / (|g| |u|));  kept in [rate_min, rate_max]
/// u <- momentum u + g        w <- w - r f u;           r = base rate before the first, f the schedule's factor
///
/// The rate moves before the step, as in the authors' code, which lets it become negative; here it stops at rate_min = 0.
struct SgdHd {
    enum class Form { additive, multiplicative };
    static constexpr auto forms = etude::names("additive", "multiplicative");
    using Decay = etude::WeightDecay;

    double beta = 1e-6;
    Form form = Form::additive;
    double rate_min = 0, rate_max = etude::infinity, momentum = 0;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    struct State { double rate = 0; };

    static constexpr auto name = "sgd_hd";
    static constexpr auto summary = "Gradient descent whose rate itself descends, by the product of successive gradients.";
    static constexpr auto source = "Baydin et al. 2018, arXiv:1703.04782, algorithms 4-5, and section 3 for the multiplicative rule";
    static constexpr double lr = 0.01;
    static constexpr auto slots = etude::names("direction");
    static constexpr bool global = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("beta", &SgdHd::beta, etude::right_open(0, etude::infinity), "Rate of the rate's own descent; 0 holds it."),
                       etude::param("form", &SgdHd::form, forms,
                                    "additive: the rate moves by beta x product; multiplicative: by the share beta x cosine (try .02)."),
                       etude::param("rate_min", &SgdHd::rate_min, etude::right_open(0, etude::infinity), "Smallest rate."),
                       etude::param("rate_max", &SgdHd::rate_max, etude::left_open(0, etude::infinity), "Largest rate; inf does not bound it."),
                       etude::param("momentum", &SgdHd::momentum, etude::right_open(0, 1), "Share of the last step that is kept; 0 turns it off.")},
            etude::weight_decay_params<SgdHd>());
    }
    static constexpr auto presets() { return std::tuple{etude::preset("paper", SgdHd{}, "The numbers of the authors' code.").lr(0.01)}; }
    static constexpr auto state() { return std::tuple{etude::scalar("rate", &State::rate)}; }

    void check() const {
        if (rate_min > rate_max) throw std::invalid_argument("rate_min must not be above rate_max");
    }

    void step(const etude::Step& s, State& state) const {
        const etude::Step::Part all{0, s.n};
        const float penalty = etude::decay_factors(s, *this).penalty;
        const float *w = s.weights, *g = s.gradients, *u = s.slots[0];
        if (s.index == 0) state.rate = s.base_lr;
        const double product = etude::Step::sum(0, s.n, [=](std::size_t i) { return double(g[i] + penalty * w[i]) * double(u[i]); });
        if (form == Form::additive) {
            state.rate += beta * product;
        } else {
            const double lengths = std::sqrt(etude::gradient_square(s, all, penalty)) * etude::norm(u, all);
            state.rate *= 1 + beta * (lengths > 0 ? product / lengths : 0.0);
        }
        state.rate = std::min(std::max(state.rate, rate_min), rate_max);
        const double applied = state.rate * (s.lr / s.base_lr);
        const float mu = float(momentum), rate = float(applied);
        const etude::DecayFactors decay = etude::decay_factors(s, weight_decay, weight_decay_form, applied);
        etude::each_decayed_by(s, all, decay, [=](float& weight, float q, float& direction) {
            direction = mu * direction + q;
            weight -= rate * direction;
        });
    }
};
ETUDE_PLUGIN(SgdHd)
