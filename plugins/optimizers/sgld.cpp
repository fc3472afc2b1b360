#include <etude/plugin.hpp>

/// w <- w - lr/2 (N g + prior w) + sqrt(temperature lr) z,   z normal, N = training samples, g = gradient of the mean loss
///
/// With the mean loss a negative log-likelihood in nats and a normal prior of precision `prior`, and rates that fall as those of the
/// schedule sgld_poly, the iterates are samples of the posterior. The rate is that of the paper: N times smaller than one of sgd.
/// Where implementations differ: MXNet leaves N out (gradient: mean), so that its noise swamps the gradient of a large data set; Optax'
/// noisy_sgd is another method. z is a function of (seed, update, place).
struct Sgld {
    enum class Gradient { posterior, mean };
    static constexpr auto gradients = etude::names("posterior", "mean");

    Gradient gradient = Gradient::posterior;
    double prior = 0, temperature = 1;

    static constexpr auto name = "sgld";
    static constexpr auto summary = "Gradient descent with the noise that makes it sample from the posterior.";
    static constexpr auto source = "Welling & Teh 2011, Bayesian Learning via Stochastic Gradient Langevin Dynamics, eq. 4";
    static constexpr double lr = 1e-6;
    static constexpr auto slots = etude::names();
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple{etude::param("gradient", &Sgld::gradient, gradients,
                                       "posterior: times the number of training samples; mean: as it is (MXNet)."),
                          etude::param("prior", &Sgld::prior, etude::right_open(0, etude::infinity),
                                       "Precision of the weights' normal prior; 0 is flat."),
                          etude::param("temperature", &Sgld::temperature, etude::right_open(0, etude::infinity),
                                       "Multiplies the variance of the noise; 0 turns it off.")};
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("mxnet", Sgld{.gradient = Gradient::mean}, "Gradients as they are.").lr(0.1),
                          etude::preset("paper", Sgld{}, "Equation 4; its rates are the schedule sgld_poly.")};
    }

    void step(const etude::Step& s) const {
        const double samples = gradient == Gradient::posterior ? double(s.samples) : 1.0;
        const float of_gradient = float(0.5 * s.lr * samples), of_weight = float(0.5 * s.lr * prior);
        const float deviation = float(std::sqrt(temperature * s.lr));
        const etude::Noise noise = s.noise();
        const std::size_t first = s.first, n = s.n;
        float* const w = s.weights;
        const float* const g = s.gradients;
        ETUDE_VECTORIZE
        for (std::size_t i = 0; i < n; ++i) w[i] -= of_gradient * g[i] + of_weight * w[i] - deviation * float(noise.normal(first + i));
    }
};
ETUDE_PLUGIN(Sgld)
