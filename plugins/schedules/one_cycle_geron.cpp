#include <etude/plugin.hpp>

#include <algorithm>
#include <cmath>

/// With N ticks in `iterations`, l = last_iterations (by default floor(N / 10) + 1) and h = floor((N - l) / 2), in lines
///   start -> max on [0, h)      max -> start on [h, 2h)      start -> last_rate on [2h, N], never below last_rate
///
/// This is the callback of the book with its own ends: t is counted from 0, the rate last_rate would be reached one update after the last;
/// `ends` does not enter. Its momentum is constant. The rates are absolute; the base has no effect.
struct OneCycleGeron {
    double max = 0;
    etude::Length iterations = etude::whole_run;
    double start = 0.1;
    etude::Length last_iterations = etude::ticks(0);
    double last_rate = 0.001;

    static constexpr auto name = "one_cycle_geron";
    static constexpr auto summary = "1cycle as in Hands-On Machine Learning: up and down in lines, then a short tail.";
    static constexpr auto source = "Géron 2019, Hands-On Machine Learning, 2nd ed., ch. 11 (OneCycleScheduler)";
    static constexpr auto params() {
        using etude::open, etude::right_open, etude::infinity;
        return std::tuple{
            etude::rate("max", &OneCycleGeron::max, "Rate at the peak.").required(),
            etude::param("iterations", &OneCycleGeron::iterations, open(0, infinity), "The whole of it; 11 ticks or more make sense."),
            etude::rate("start", &OneCycleGeron::start, "Rate at the start and at the start of the tail.").times("max"),
            etude::param("last_iterations", &OneCycleGeron::last_iterations, right_open(0, infinity),
                         "Length of the tail; 0 is a tenth of iterations, rounded down, and one tick."),
            etude::rate("last_rate", &OneCycleGeron::last_rate, "Rate at the end of the tail.").times("start")};
    }
    double factor(const etude::Clock& clock) const {
        const double n = ticks(iterations, clock), tail = last_iterations.amount > 0.0 ? ticks(last_iterations, clock) : std::floor(n / 10.0) + 1.0;
        const double half = std::max(0.0, std::floor((n - tail) / 2.0)), t = std::round(clock.x / clock.tick);
        const double low = start / clock.base_lr, high = max / clock.base_lr, last = last_rate / clock.base_lr;
        const auto line = [t](double from, double to, double a, double b) { return a + (b - a) * (t - from) / (to - from); };
        if (t < half) return line(0.0, half, low, high);
        if (t < 2.0 * half) return line(half, 2.0 * half, high, low);
        return t < n ? std::max(last, line(2.0 * half, n, low, last)) : last;
    }

  private:
    /// A length as a number of ticks; whole, unless it was written otherwise.
    static double ticks(const etude::Length& length, const etude::Clock& clock) {
        const double count = length.amount / clock.tick, whole = std::round(count);
        return std::abs(count - whole) < 1e-6 ? whole : count;
    }
};
ETUDE_PLUGIN(OneCycleGeron)
