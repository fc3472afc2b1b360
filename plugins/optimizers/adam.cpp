#include <etude/plugin.hpp>
#include <cmath>

/// m <- b1 m + (1-b1) g        v <- b2 v + (1-b2) g^2
/// w <- w - lr m^ / (sqrt(v^) + eps),   m^ = m / (1 - prod b1),   v^ = v / (1 - prod b2)
/// The products run over all updates, so that a scheduled beta is corrected rightly; with constant betas they are b^t.
struct Adam {
    enum class EpsPlace { outside, hat };
    double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
    EpsPlace eps_place = EpsPlace::outside;
    static constexpr auto places = etude::names("outside", "hat");  // words lie in the table: a static member, no temporary

    struct State { double product1 = 1, product2 = 1; };

    static constexpr auto name = "adam";
    static constexpr auto summary = "Running means of gradient and squared gradient, bias-corrected.";
    static constexpr auto source = "Kingma & Ba 2015, arXiv:1412.6980, algorithm 1";
    static constexpr auto slots = etude::names("m", "v");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple{etude::param("beta1", &Adam::beta1, etude::right_open(0, 1), "Decay of the mean of gradients."),
                          etude::param("beta2", &Adam::beta2, etude::right_open(0, 1), "Decay of the mean of squares."),
                          etude::param("eps", &Adam::eps, etude::closed(0, 1), "Added to the root."),
                          etude::param("eps_place", &Adam::eps_place, places, "After bias correction, or before it as in Keras (epsilon-hat).")};
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("pytorch", Adam{}).lr(1e-3), etude::preset("keras3", Adam{.eps = 1e-7, .eps_place = EpsPlace::hat}).lr(1e-3)};
    }
    static constexpr auto state() { return std::tuple{etude::scalar("product1", &State::product1), etude::scalar("product2", &State::product2)}; }

    void step(const etude::Step& s, State& state) const {
        state.product1 *= beta1;
        state.product2 *= beta2;
        const bool hat = eps_place == EpsPlace::hat;
        const double unbias = std::sqrt(1 - state.product2);
        const float b1 = float(beta1), a1 = float(1 - beta1), b2 = float(beta2), a2 = float(1 - beta2);
        const float rate = float(s.lr / (1 - state.product1) * (hat ? unbias : 1.0));
        const float u = float(hat ? 1.0 : 1 / (unbias * unbias)), e = float(eps);
        s.each([=](float& w, float g, float& m, float& v) {
            m = b1 * m + a1 * g;
            v = b2 * v + a2 * (g * g);
            w -= rate * m / (std::sqrt(v * u) + e);
        });
    }
    void evaluation_point(const etude::Step& s, float* point) const { for (std::size_t i = 0; i < s.n; ++i) point[i] = s.weights[i]; }
};
ETUDE_PLUGIN(Adam)
