#include <etude/plugin.hpp>

#include <algorithm>
#include <cmath>

/// With m the monitored metric, smaller being better, and m' that of the report before:
///   m < m'                     lr <- min(ceiling, lr grow)
///   m > m' + tolerance |m'|    lr <- max(floor, lr shrink)
///   else                       lr stays
/// A metric that is NaN or infinite counts as risen, and is not what the next one is compared with.
///
/// The classic rule undoes the update that made the loss rise, and compares with the loss before it. A schedule cannot undo: the weights
/// stay, and the next report is compared with this one. It is made for the loss over all of the data; with the loss of a batch every
/// second report rises by chance, so give it a tolerance.
struct BoldDriver {
    double grow = 1.05, shrink = 0.5, tolerance = 0, floor = 0, ceiling = etude::infinity;

    struct State { double last = etude::infinity, factor = 1; };

    static constexpr auto name = "bold_driver";
    static constexpr auto summary = "The rate grows while the metric falls and is cut when it rises; updates are not undone.";
    static constexpr auto source = "Vogl et al. 1988, Biol. Cybern. 59; Battiti 1989, Complex Systems 3";
    static constexpr auto params() {
        using etude::right_open, etude::infinity;
        return std::tuple{
            etude::param("grow", &BoldDriver::grow, right_open(1, infinity), "Multiplies the rate when the metric has become better."),
            etude::param("shrink", &BoldDriver::shrink, etude::open(0, 1), "Multiplies the rate when it has become worse."),
            etude::param("tolerance", &BoldDriver::tolerance, right_open(0, infinity), "Share of the metric by which it may rise unpunished."),
            etude::rate("floor", &BoldDriver::floor, "The rate is never cut below this."),
            etude::rate("ceiling", &BoldDriver::ceiling, "The rate never grows above this.")};
    }
    static constexpr auto state() { return std::tuple{etude::scalar("last", &State::last), etude::scalar("factor", &State::factor)}; }

    double factor(const etude::Clock&, const State& state) const { return state.factor; }

    void observe(const etude::Report& report, State& state) const {
        const double metric = report.sign * report.value, last = state.last;
        if (!std::isfinite(metric)) return cut(report.base_lr, state);
        state.last = metric;
        if (std::isinf(last)) return;  // the first report
        if (metric < last) state.factor = std::max(state.factor, std::min(state.factor * grow, ceiling / report.base_lr));
        else if (metric > last + tolerance * std::abs(last)) cut(report.base_lr, state);
    }

  private:
    void cut(double base_lr, State& state) const { state.factor = std::min(state.factor, std::max(state.factor * shrink, floor / base_lr)); }
};
ETUDE_PLUGIN(BoldDriver)
