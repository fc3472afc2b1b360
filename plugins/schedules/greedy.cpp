#include <etude/plugin.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

/// The rate rises while the mean of the last `window` metrics becomes better and falls while it does not. With m that mean, smaller being
/// better, a report is good if m < best - margin_abs - margin_rel |best| (then best <- m), else bad; each ends the row of the other kind.
///   more than `patience` good ones in a row   lr <- min(lr / factor, max),   then `cooldown` reports that do not count as good
///   more than `patience` bad ones in a row    lr <- max(lr factor, floor),   then `pause` reports that do not count as bad
/// Every `reset` reports all begins anew, the rate too.
///
/// Where implementations differ: that is the authors' form. transformers (form: transformers) ignores reports altogether while it waits, for
/// `pause` of them (its `warmup`) after a rise and for `cooldown` after a cut; and it begins anew at the `reset`-th cut in a row that finds
/// the rate at the floor. It has no window unless told.
struct Greedy {
    enum class Form { paper, transformers };
    enum class OnNan { bad, ignore, abort };
    static constexpr auto forms = etude::names("paper", "transformers");
    static constexpr auto nan_words = etude::names("bad", "ignore", "abort");
    static constexpr std::size_t most = 512;

    double decay = 0.1;
    std::int64_t patience = 10;
    double margin_abs = 0, margin_rel = 1e-4;
    std::int64_t cooldown = 0;
    double floor = 0, max = 0, eps = 1e-8;
    std::int64_t window = 50, pause = 0, reset = 0;
    OnNan on_nan = OnNan::bad;
    Form form = Form::paper;

    struct State {
        double factor = 1, best = etude::infinity, good = 0, bad = 0, cooldown = 0, pause = 0, reports = 0, at_floor = 0;
        double held = 0, next = 0;               // metrics in the ring, and where the next one goes
        std::array<double, most> metrics = {};
    };

    static constexpr auto name = "greedy";
    static constexpr auto summary = "The rate rises while the monitored metric gets better and falls while it does not.";
    static constexpr auto source = "Subramanian & Ganapathiraman 2025, arXiv:2512.14527, alg. 1; transformers GreedyLR";
    static constexpr auto params() {
        using etude::right_open, etude::infinity;
        return std::tuple{
            etude::param("factor", &Greedy::decay, etude::open(0, 1), "Multiplies the rate when it falls, divides it when it rises."),
            etude::param("patience", &Greedy::patience, right_open(0, infinity), "Reports of one kind in a row that are waited for."),
            etude::param("margin_abs", &Greedy::margin_abs, right_open(0, infinity), "Better means by more than this, in units of the metric."),
            etude::param("margin_rel", &Greedy::margin_rel, right_open(0, 1), "Better means by more than this share of the best."),
            etude::param("cooldown", &Greedy::cooldown, right_open(0, infinity), "Reports after a rise that do not count as good."),
            etude::rate("floor", &Greedy::floor, "The rate is never cut below this."),
            etude::rate("max", &Greedy::max, "The rate never rises above this.").required(),
            etude::param("eps", &Greedy::eps, right_open(0, infinity), "Changes of the rate that are not larger than this are not made."),
            etude::param("window", &Greedy::window, etude::closed(1, most), "Metrics that the mean is over; 1 takes the metric itself."),
            etude::param("pause", &Greedy::pause, right_open(0, infinity), "Reports after a cut that do not count as bad."),
            etude::param("reset", &Greedy::reset, right_open(0, infinity), "Reports after which all begins anew; 0 never."),
            etude::param("on_nan", &Greedy::on_nan, nan_words, "A metric that is NaN is a bad report, no report, or the end of the run."),
            etude::param("form", &Greedy::form, forms, "What waiting and reset mean: as the authors have it, or as transformers.")};
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("transformers", Greedy{.decay = 0.95, .margin_abs = 1e-6, .margin_rel = 0, .floor = 1e-3, .window = 1,
                                                               .reset = 500, .form = Form::transformers}, "Its max is 1.")};
    }
    static constexpr auto state() {
        using etude::scalar;
        return std::tuple{scalar("factor", &State::factor), scalar("best", &State::best), scalar("good", &State::good), scalar("bad", &State::bad),
                          scalar("cooldown", &State::cooldown), scalar("pause", &State::pause), scalar("reports", &State::reports),
                          scalar("at_floor", &State::at_floor), scalar("held", &State::held), scalar("next", &State::next),
                          scalar("metrics", &State::metrics)};
    }

    double factor(const etude::Clock&, const State& state) const { return state.factor; }

    void observe(const etude::Report& report, State& state) const {
        if (std::isnan(report.value) && on_nan == OnNan::abort) throw std::runtime_error("the monitored metric is NaN");
        if (std::isnan(report.value) && on_nan == OnNan::ignore) return;
        const double metric = std::isnan(report.value) ? report.value : mean(report.sign * report.value, state);
        state.reports += 1;
        if (form == Form::paper) return follow_paper(metric, report.base_lr, state);
        follow_transformers(metric, report.base_lr, state);
    }

  private:
    double mean(double metric, State& state) const {
        const auto size = static_cast<std::size_t>(window), next = static_cast<std::size_t>(state.next), held = static_cast<std::size_t>(state.held);
        state.metrics[next] = metric;
        state.next = static_cast<double>((next + 1) % size);
        const std::size_t count = std::min(held + 1, size);
        state.held = static_cast<double>(count);
        double sum = 0;
        for (std::size_t i = 0; i < count; ++i) sum += state.metrics[i];
        return sum / state.held;
    }
    void count(double metric, State& state) const {
        const double margin = std::isinf(state.best) ? 0.0 : margin_abs + margin_rel * std::abs(state.best);
        const bool is_good = metric < state.best - margin;
        if (is_good) state.best = metric;
        state.good = is_good ? state.good + 1 : 0;
        state.bad = is_good ? 0 : state.bad + 1;
    }
    void follow_paper(double metric, double base_lr, State& state) const {
        count(metric, state);
        if (state.cooldown > 0) {
            state.cooldown -= 1;
            state.good = 0;
        }
        if (state.pause > 0) {
            state.pause -= 1;
            state.bad = 0;
        }
        if (state.good > double(patience)) {
            rise(base_lr, state);
            state.cooldown = double(cooldown);
        } else if (state.bad > double(patience)) {
            cut(base_lr, state);
            state.pause = double(pause);
        }
        if (reset > 0 && state.reports >= double(reset)) state = State{};
    }
    void follow_transformers(double metric, double base_lr, State& state) const {
        if (double& waits = state.cooldown > 0 ? state.cooldown : state.pause; waits > 0) {
            waits -= 1;
            state.good = state.bad = 0;
            return;
        }
        count(metric, state);
        if (state.good > double(patience)) {
            rise(base_lr, state);
            state.at_floor = 0;
            state.pause = double(pause);
        } else if (state.bad > double(patience)) {
            cut(base_lr, state);
            state.cooldown = double(cooldown);
            if (state.factor * base_lr <= floor) state.at_floor += 1;
            if (reset > 0 && state.at_floor >= double(reset)) state = State{};
        }
    }
    void rise(double base_lr, State& state) const {
        state.good = 0;
        const double risen = std::min(state.factor / decay, max / base_lr);
        if ((risen - state.factor) * base_lr > eps) state.factor = risen;
    }
    void cut(double base_lr, State& state) const {
        state.bad = 0;
        const double less = std::max(state.factor * decay, floor / base_lr);
        if ((state.factor - less) * base_lr > eps) state.factor = less;
    }
};
ETUDE_PLUGIN(Greedy)
