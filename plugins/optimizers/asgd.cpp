#include <etude/plugin.hpp>

/// eta_t = lr / (1 + lambda lr t)^alpha,  t = 0, 1, ... updates done before this one
/// w <- w - lambda eta_t w - eta_t g        a <- a + mu_t (w - a),   mu_t = 1 / max(1, t - t0)
/// Evaluated at the average a; gradients are taken at w.
///
/// With a t0 beyond the run, as its default of a million mostly is, the average is the last iterate. Where implementations differ:
/// PyTorch computes eta and mu after a step for the next one, so that it sees a scheduled rate one update late; and it leaves the user to
/// evaluate at the average.
struct Asgd {
    using Decay = etude::WeightDecay;

    double lambda = 1e-4, alpha = 0.75, t0 = 1e6;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    static constexpr auto name = "asgd";
    static constexpr auto summary = "Stochastic gradient descent, evaluated at the average of its iterates.";
    static constexpr auto source = "Polyak & Juditsky 1992; Bottou 2010, Large-Scale Machine Learning with SGD; Xu 2011, arXiv:1107.2490";
    static constexpr double lr = 0.01;
    static constexpr auto slots = etude::names("average");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("lambda", &Asgd::lambda, etude::right_open(0, etude::infinity),
                                    "Pull of the weights towards 0, times the rate, and speed of the rate's decay."),
                       etude::param("alpha", &Asgd::alpha, etude::closed(0, 1), "Power of the rate's decay; 0 turns it off."),
                       etude::param("t0", &Asgd::t0, etude::right_open(0, etude::infinity), "Updates after which averaging begins.")},
            etude::weight_decay_params<Asgd>());
    }
    static constexpr auto presets() { return std::tuple{etude::preset("pytorch", Asgd{}, "The plain defaults.").lr(0.01)}; }

    void step(const etude::Step& s) const {
        const double t = double(s.index), eta = s.lr / std::pow(1 + lambda * s.lr * t, alpha), mu = 1 / std::max(1.0, t - t0);
        const float pull = float(lambda * eta), rate = float(eta), keep = float(1 - mu), take = float(mu);
        const etude::DecayFactors decay = etude::decay_factors(s, weight_decay, weight_decay_form, eta);
        s.each([=](float& w, float g, float& average) {  // the decay by hand: the average is of the decayed weights
            const float q = g + decay.penalty * w;
            w -= decay.before * w;
            w -= pull * w + rate * q;
            w -= decay.after * w;
            average = keep * average + take * w;
        });
    }

    void evaluation_point(const etude::Step& s, float* point) const {
        const float* average = s.slots[0];
        for (std::size_t i = 0; i < s.n; ++i) point[i] = average[i];
    }
};
ETUDE_PLUGIN(Asgd)
