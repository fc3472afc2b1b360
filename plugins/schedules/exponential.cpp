#include <etude/plugin.hpp>
#include <algorithm>
#include <cmath>

/// lr = base rate^q, kept in [floor, ceiling];   q = (x - begin) / every, whole with `staircase`;   the base alone until x = begin
///
/// Where implementations differ: Keras, Optax and PyTorch's ExponentialLR (every = 1) are this formula. Optax has one `end_value`: it is
/// the floor of a rate below 1 and the ceiling of one above 1. Keras and this refuse every = 0, Optax then does nothing.
struct Exponential {
    double rate = 1;
    etude::Length every = etude::ticks(1);
    bool staircase = false;
    etude::Length begin = etude::ticks(0);
    double floor = 0, ceiling = etude::infinity;

    static constexpr auto name = "exponential";
    static constexpr auto summary = "The rate times `rate` over every `every`, smoothly or in steps.";
    static constexpr auto source = "Keras ExponentialDecay; Optax exponential_decay";
    static constexpr auto params() {
        return std::tuple{
            etude::param("rate", &Exponential::rate, etude::open(0, etude::infinity),
                         "What the learning rate is multiplied by in `every`; above 1 it grows.").required(),
            etude::param("every", &Exponential::every, etude::open(0, etude::infinity), "The time in which it is multiplied once."),
            etude::param("staircase", &Exponential::staircase, "Change at the end of each `every` only."),
            etude::param("begin", &Exponential::begin, etude::right_open(0, etude::infinity), "When the decay begins."),
            etude::rate("floor", &Exponential::floor, "The rate is never below this."),
            etude::rate("ceiling", &Exponential::ceiling, "The rate is never above this.")};
    }
    double factor(const etude::Clock& clock) const {
        if (clock.x <= begin.amount) return 1.0;
        const double q = staircase ? clock.whole_periods(every, begin) : (clock.x - begin.amount) / every.amount;
        return std::max(floor / clock.base_lr, std::min(ceiling / clock.base_lr, std::pow(rate, q)));
    }
};
ETUDE_PLUGIN(Exponential)
