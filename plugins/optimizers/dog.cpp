#include <etude/plugin.hpp>

/// r <- max(r, |w - w0|) over all weights, at first first_distance (1 + |w0|)
/// dog:   G <- G + |g|^2           rate = lr r / sqrt(G + eps)
/// dowg:  G <- G + r^2 |g|^2       rate = lr r^2 / sqrt(G + eps)
/// w <- w - rate g        a <- a + (1 + gamma) / (n + gamma) (w - a),  n = 1, 2, ... updates done with this one
/// Evaluated at the average a (`average: false`: at w). The rate lr is a multiplier; 1 is the method's own.
///
/// Where implementations differ: the authors' averaging is a class of its own, Optax has none; both begin with a distance of 1e-6
/// (1 + |w0|) for dog. A decay of another form than l2 is multiplied by the rate that is found.
struct Dog {
    enum class Form { dog, dowg };
    static constexpr auto forms = etude::names("dog", "dowg");
    using Decay = etude::WeightDecay;

    Form form = Form::dog;
    double first_distance = 1e-6, eps = 1e-8;
    bool average = true;
    double gamma = 8;
    double weight_decay = 0;
    Decay weight_decay_form = Decay::l2;

    struct State { double distance = 0, squares = 0; };

    static constexpr auto name = "dog";
    static constexpr auto summary = "Without a rate to tune: distance from the start over the root of all squared gradients.";
    static constexpr auto source = "Ivgi, Hinder & Carmon 2023, arXiv:2302.12022, eq. 1-3; dowg: Khaled, Mishchenko & Jin 2023, arXiv:2305.16284";
    static constexpr double lr = 1.0;
    static constexpr auto slots = etude::names("start", "average");
    static constexpr bool global = true;
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{etude::param("form", &Dog::form, forms, "dog: every gradient counts alike; dowg: weighted by the distance at its time."),
                       etude::param("first_distance", &Dog::first_distance, etude::open(0, etude::infinity),
                                    "Distance that the first update believes in, as a share of 1 + the norm of the weights."),
                       etude::param("eps", &Dog::eps, etude::closed(0, 1), "Added under the root."),
                       etude::param("average", &Dog::average, "Evaluate at the average of the iterates."),
                       etude::param("gamma", &Dog::gamma, etude::right_open(0, etude::infinity),
                                    "How much the average prefers late iterates; 0 weights all alike.")},
            etude::weight_decay_params<Dog>());
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("optax", Dog{.average = false}, "optax.contrib.dog: no averaging.").lr(1.0),
                          etude::preset("paper", Dog{}, "Averaged, gamma 8.").lr(1.0)};
    }
    static constexpr auto state() { return std::tuple{etude::scalar("distance", &State::distance), etude::scalar("squares", &State::squares)}; }

    void step(const etude::Step& s, State& state) const {
        const etude::Step::Part all{0, s.n};
        if (s.index == 0) {
            s.each([](float& w, float, float& start, float&) { start = w; });
            state.distance = first_distance * (1 + etude::norm(s.weights, all));
        } else {
            const float *w = s.weights, *start = s.slots[0];
            const double moved = etude::Step::sum(0, s.n, [=](std::size_t i) { return (double(w[i]) - start[i]) * (double(w[i]) - start[i]); });
            state.distance = std::max(state.distance, std::sqrt(moved));
        }
        const double square = etude::gradient_square(s, all, etude::decay_factors(s, *this).penalty), r = state.distance;
        state.squares += form == Form::dowg ? r * r * square : square;
        const double root = std::max(std::sqrt(state.squares + eps), double(FLT_MIN)), applied = s.lr * (form == Form::dowg ? r * r : r) / root;
        const etude::DecayFactors decay = etude::decay_factors(s, weight_decay, weight_decay_form, applied);
        const float rate = float(applied), take = float((1 + gamma) / (double(s.index) + 1 + gamma));
        s.each([=](float& w, float g, float&, float& mean) {  // the decay by hand: the average is of the decayed weights
            const float q = g + decay.penalty * w;
            w -= decay.before * w;
            w -= rate * q;
            w -= decay.after * w;
            mean += take * (w - mean);
        });
    }

    void evaluation_point(const etude::Step& s, float* point) const {
        const float* from = average ? s.slots[1] : s.weights;
        for (std::size_t i = 0; i < s.n; ++i) point[i] = from[i];
    }
};
ETUDE_PLUGIN(Dog)
