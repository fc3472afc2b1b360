#include <etude/plugin.hpp>

/// a' = a + g^2        z <- z + g - (sqrt(a') - sqrt(a)) / lr w        a <- a'
/// w = -(z - sign(z) l1) / ((beta + sqrt(a)) / lr + l2) where |z| > l1, else 0;   a = `accumulator` before the first update
/// start zero:     z = 0 before the first update, as if the weights were 0: whatever they are is forgotten, at once where g = 0
/// start weights:  z such that the weights before the first update are those given (but for l1)
///
/// Where implementations differ: Keras has a = .1, beta 0 and twice our l2; MXNet l1 .01, beta 1 and l2 by the name wd; both forget the initial
/// weights, which suits the sparse linear models the method was made for, not hidden layers. Keras' learning_rate_power (here -1/2)
/// and l2_shrinkage are not offered. An update at rate 0 does nothing at all.
struct Ftrl {
    enum class Start { weights, zero };
    static constexpr auto starts = etude::names("weights", "zero");

    double accumulator = 0, beta = 1, l1 = 0, l2 = 0;
    Start start = Start::weights;

    static constexpr auto name = "ftrl";
    static constexpr auto summary = "Follow the regularised leader: per-weight rates, and weights of exactly 0 by l1.";
    static constexpr auto source = "McMahan et al. 2013, Ad Click Prediction: a View from the Trenches, algorithm 1";
    static constexpr double lr = 0.1;
    static constexpr auto slots = etude::names("z", "squares");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple{etude::param("accumulator", &Ftrl::accumulator, etude::right_open(0, etude::infinity),
                                       "The sum of squares before the first update."),
                          etude::param("beta", &Ftrl::beta, etude::right_open(0, etude::infinity), "Added to the root of the sum of squares."),
                          etude::param("l1", &Ftrl::l1, etude::right_open(0, etude::infinity),
                                       "Strength of the penalty l1 |w|, which makes weights 0."),
                          etude::param("l2", &Ftrl::l2, etude::right_open(0, etude::infinity), "Strength of the penalty l2 / 2 |w|^2."),
                          etude::param("start", &Ftrl::start, starts, "weights: begins at the weights given; zero: forgets them (Keras, MXNet).")};
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("keras2", Ftrl{.accumulator = 0.1, .beta = 0, .start = Start::zero},
                                       "As TensorFlow's, which Keras 2 ran on.").lr(1e-3),
                          etude::preset("keras3", Ftrl{.accumulator = 0.1, .beta = 0, .start = Start::zero}, "Its l2 is half of this one.").lr(1e-3),
                          etude::preset("mxnet", Ftrl{.l1 = 0.01, .start = Start::zero}, "l1 .01, beta 1.").lr(0.1),
                          etude::preset("paper", Ftrl{}, "Algorithm 1 with beta 1.").lr(0.1)};
    }

    void step(const etude::Step& s) const {
        const bool first = s.index == 0;  // slots begin at 0
        const float a0 = first ? float(accumulator) : 0.0f, b = float(beta), bound = float(l1);
        if (first) {
            const float z0 = start == Start::weights ? float(-((beta + std::sqrt(accumulator)) / s.base_lr + l2)) : 0.0f;
            s.each([=](float& w, float, float& z, float& squares) {
                z = z0 * w;
                squares = a0;
            });
        }
        if (!(s.lr > 0)) return;
        const float over = float(1 / s.lr), ridge = float(l2);
        s.each([=](float& w, float g, float& z, float& squares) {
            const float sum = squares + g * g, root = std::sqrt(sum);
            z += g - (root - std::sqrt(squares)) * over * w;
            squares = sum;
            const float shrunk = z - std::min(std::max(z, -bound), bound);
            w = -shrunk / std::max((b + root) * over + ridge, FLT_MIN);
        });
    }
};
ETUDE_PLUGIN(Ftrl)
