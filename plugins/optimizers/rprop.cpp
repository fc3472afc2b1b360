#include <etude/plugin.hpp>
#include <stdexcept>

/// c = sign(g) sign(g before)
/// size <- size eta_plus where c > 0, size eta_minus where c < 0, kept in [step_min, step_max]; the base rate before the first update
/// w <- w - f size sign(g), but where c < 0: no step, and the gradient counts as 0 at the next update
///
/// f is the schedule's factor, 1 without one: PyTorch and Optax only look at the rate before the first update. The signs are multiplied, not the
/// gradients as in PyTorch, whose product is 0 below 1e-22. For full batches: the noise of small ones flips signs.
struct Rprop {
    double eta_minus = 0.5, eta_plus = 1.2, step_min = 1e-6, step_max = 50;

    static constexpr auto name = "rprop";
    static constexpr auto summary = "Every weight's own step, longer while its gradient keeps the sign, shorter when it turns.";
    static constexpr auto source = "Riedmiller & Braun 1993, A Direct Adaptive Method for Faster Backpropagation Learning; Igel & Huesken 2000";
    static constexpr double lr = 0.01;
    static constexpr auto slots = etude::names("previous_sign", "size");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple{etude::param("eta_minus", &Rprop::eta_minus, etude::open(0, 1), "Multiplies a step whose gradient has changed its sign."),
                          etude::param("eta_plus", &Rprop::eta_plus, etude::open(1, etude::infinity),
                                       "Multiplies a step whose gradient has kept its sign."),
                          etude::param("step_min", &Rprop::step_min, etude::right_open(0, etude::infinity), "Smallest step."),
                          etude::param("step_max", &Rprop::step_max, etude::open(0, etude::infinity), "Largest step.")};
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("pytorch", Rprop{}, "The plain defaults.").lr(0.01),
                          etude::preset("optax", Rprop{}, "optax.rprop; it has no default rate."),
                          etude::preset("paper", Rprop{}, "First steps of .1.").lr(0.1)};
    }

    void check() const {
        if (step_min > step_max) throw std::invalid_argument("step_min must not be above step_max");
    }

    void step(const etude::Step& s) const {
        const float start = s.index == 0 ? float(s.base_lr) : 0.0f, rate = float(s.lr / s.base_lr);  // slots begin at 0
        const float shorter = float(eta_minus), longer = float(eta_plus), smallest = float(step_min), largest = float(step_max);
        s.each([=](float& w, float g, float& previous, float& size) {
            const float now = etude::sign(g), change = now * previous;
            const float factor = change > 0 ? longer : change < 0 ? shorter : 1.0f;
            size = std::min(std::max((size + start) * factor, smallest), largest);
            previous = change < 0 ? 0.0f : now;
            w -= rate * size * previous;
        });
    }
};
ETUDE_PLUGIN(Rprop)
