#include <etude/plugin.hpp>

#include <algorithm>
#include <cmath>

/// The rate is multiplied by `factor` when a straight line through the last metrics does not fall. Through the last n of them, smaller
/// being better, runs the least-squares line of slope b; the true slope is normal around b with variance
///   12 s^2 / (n^3 - n),   s^2 = RSS / (n - 2)
/// (RSS: the sum of squared distances from the line), so that P(slope < 0) = Phi(-b / sd). The steps without decrease are the largest n >= 3
/// with P(slope < 0) < p. They are counted twice: over all metrics, and without the largest ones, those above the (1 - discard) quantile,
/// which are then no points of the line but still steps. When both counts exceed `threshold`, the rate falls and the history is forgotten.
///
/// The history is the last 1024 reports, or those since the last fall; a report that is not a finite number is left out. To look further
/// back, report less often: monitor: {metric: ..., every: {updates: n}}.
/// Where implementations differ: dlib keeps only the last `threshold` losses and acts when the count reaches it; pyannote and dlib's author's
/// text say "exceeds". dlib estimates the line recursively, which agrees to about six digits. `threshold` is 2000 updates in dlib.
struct SlopeTest {
    static constexpr std::size_t most = 1024;

    std::int64_t threshold = 2;
    double p = 0.51, discard = 0.1, decay = 0.1;

    struct State {
        double factor = 1, held = 0, next = 0;  // metrics in the ring, and where the next one goes
        std::array<double, most> metrics = {};
    };

    static constexpr auto name = "slope_test";
    static constexpr auto summary = "The rate falls when a line through the last metrics does not fall, as a statistical test has it.";
    static constexpr auto source = "King 2018, blog.dlib.net, Automatic Learning Rate Scheduling That Really Works; dlib dnn_trainer";
    static constexpr auto params() {
        return std::tuple{
            etude::param("threshold", &SlopeTest::threshold, etude::closed(2, most - 1), "Reports without a decrease that are waited for.")
                .required(),
            etude::param("p", &SlopeTest::p, etude::open(0.5, 1),
                         "The metric decreases if that is at least this probable; larger waits for more certainty."),
            etude::param("discard", &SlopeTest::discard, etude::right_open(0, 1), "Share of the largest metrics that the second count leaves out."),
            etude::param("factor", &SlopeTest::decay, etude::open(0, 1), "Multiplies the rate when the metric stands still.")};
    }
    static constexpr auto state() {
        return std::tuple{etude::scalar("factor", &State::factor), etude::scalar("held", &State::held), etude::scalar("next", &State::next),
                          etude::scalar("metrics", &State::metrics)};
    }

    double factor(const etude::Clock&, const State& state) const { return state.factor; }

    void observe(const etude::Report& report, State& state) const {
        if (!std::isfinite(report.value)) return;
        remember(report.sign * report.value, state);
        if (state.held <= double(threshold)) return;
        const double z = normal_quantile(p);
        if (!stands_still(state, z, etude::infinity) || !stands_still(state, z, upper_quantile(state))) return;
        state.factor *= decay;
        state.held = 0;
    }

  private:
    /// A least-squares line through points that arrive one by one at 0, 1, 2, ...; from means, so that large metrics lose no digits.
    struct Line {
        double n = 0, mean = 0, xy = 0, yy = 0;  // xy, yy: sums of products of distances from the means
        void add(double y) {
            const double from_mean_x = n / 2.0, before = y - mean;  // the new x is n, the mean of 0 ... n - 1 is (n - 1) / 2, then n / 2
            n += 1.0;
            mean += before / n;
            xy += from_mean_x * before;
            yy += before * (y - mean);
        }
        /// Is P(slope > 0) = Phi(slope / sd) less than Phi(z), for z > 0? As squares: no root and no erf for each of many lines.
        bool is_less_likely_to_rise_than(double z) const {
            const double xx = (n * n * n - n) / 12.0, slope = xy / xx;
            const double variance = std::max(0.0, yy - xy * slope) / (n - 2.0) / xx;
            return slope <= 0.0 || slope * slope < z * z * variance;
        }
    };

    static void remember(double metric, State& state) {
        const auto next = static_cast<std::size_t>(state.next);
        state.metrics[next] = metric;
        state.next = static_cast<double>((next + 1) % most);
        state.held = std::min(state.held + 1.0, double(most));
    }
    /// The metric `age` reports ago.
    static double metric(const State& state, std::size_t age) {
        return state.metrics[(static_cast<std::size_t>(state.next) + most - 1 - age) % most];
    }

    /// Are there more than `threshold` steps without decrease? Goes from the newest back, so that a decrease is a rise.
    bool stands_still(const State& state, double z, double largest) const {
        Line line;
        for (std::size_t age = 0; age < static_cast<std::size_t>(state.held); ++age) {
            const double y = metric(state, age);
            if (y <= largest) line.add(y);
            if (double(age + 1) > double(threshold) && line.n > 2.0 && line.is_less_likely_to_rise_than(z)) return true;
        }
        return false;
    }
    /// z with Phi(z) = q, q in (1/2, 1), by halving [0, 40].
    static double normal_quantile(double q) {
        double low = 0.0, high = 40.0;
        for (int i = 0; i < 60; ++i) {
            const double middle = (low + high) / 2.0;
            (0.5 * std::erfc(-middle / std::sqrt(2.0)) < q ? low : high) = middle;
        }
        return low;
    }
    double upper_quantile(const State& state) const {
        std::array<double, most> sorted;
        const auto count = static_cast<std::size_t>(state.held);
        for (std::size_t age = 0; age < count; ++age) sorted[age] = metric(state, age);
        const auto place = static_cast<std::ptrdiff_t>(std::round(double(count - 1) * (1.0 - discard)));
        std::nth_element(sorted.begin(), sorted.begin() + place, sorted.begin() + static_cast<std::ptrdiff_t>(count));
        return sorted[static_cast<std::size_t>(place)];
    }
};
ETUDE_PLUGIN(SlopeTest)
