#include <etude/plugin.hpp>
#include <algorithm>
#include <cmath>
#include <stdexcept>

/// The rate is multiplied by `factor` when the monitored metric has not become better for `patience` reports. With m the metric, smaller
/// being better (the host turns the sign of one where larger is better), a report
///   is better   if m < best - margin_abs - margin_rel |best|;  then best <- m, bad <- 0
///   is bad      otherwise; bad <- bad + 1 unless the machine rests
///   fires       if it is bad, and bad > patience (after) or bad >= patience (at)
/// Firing multiplies the rate, if that changes it by more than `eps` and the `floor` allows, sets bad <- 0 and lets the machine rest for
/// `cooldown` reports (all) or one less (less_one, the counter being lowered before it is looked at).
///
/// Where implementations differ: PyTorch tolerates `patience` bad reports and acts on the next (after), Keras, Optax and fastai act on
/// that one (at), so that patience 0 and 1 are the same. PyTorch and Optax have a relative margin of 1e-4, Keras an absolute one of
/// 1e-4, fastai none. Keras rests one report less and, when the rate is at the floor, goes on counting (at_floor: keep). PyTorch and
/// Optax take margin_rel of best, not of |best|: with a negative metric every report is better and the rate never falls. Optax' bug with
/// patience 0 (it fires when the metric improves) is not copied; its floor is a share of the base (floor_ratio). fastai gives the factor
/// as a divisor, 10. A metric that is NaN counts as bad in all of them.
struct Plateau {
    enum class Fires { after, at };
    enum class CooldownCounts { all, less_one };
    enum class AtFloor { reset, keep };
    enum class OnNan { bad, ignore, abort };
    static constexpr auto fires_words = etude::names("after", "at");
    static constexpr auto cooldown_words = etude::names("all", "less_one");
    static constexpr auto floor_words = etude::names("reset", "keep");
    static constexpr auto nan_words = etude::names("bad", "ignore", "abort");

    double decay = 0.1;
    std::int64_t patience = 10;
    double margin_abs = 0, margin_rel = 1e-4;
    std::int64_t cooldown = 0;
    double floor = 0, eps = 1e-8;
    Fires fires = Fires::after;
    CooldownCounts cooldown_counts = CooldownCounts::all;
    AtFloor at_floor = AtFloor::reset;
    double smooth = 0;
    OnNan on_nan = OnNan::bad;

    struct State { double best = etude::infinity, bad = 0, rest = 0, factor = 1, mean = 0, reports = 0; };

    static constexpr auto name = "plateau";
    static constexpr auto summary = "The rate falls when the monitored metric stops getting better.";
    static constexpr auto source = "PyTorch and Keras ReduceLROnPlateau; Optax reduce_on_plateau; fastai ReduceLROnPlateau";
    static constexpr auto params() {
        using etude::right_open, etude::infinity;
        return std::tuple{
            etude::param("factor", &Plateau::decay, etude::open(0, 1), "Multiplies the rate when the metric stands still."),
            etude::param("patience", &Plateau::patience, right_open(0, infinity), "Bad reports in a row that are waited for."),
            etude::param("margin_abs", &Plateau::margin_abs, right_open(0, infinity), "Better means by more than this, in units of the metric."),
            etude::param("margin_rel", &Plateau::margin_rel, right_open(0, 1), "Better means by more than this share of the best."),
            etude::param("cooldown", &Plateau::cooldown, right_open(0, infinity), "Reports after a cut that are not counted as bad."),
            etude::rate("floor", &Plateau::floor, "The rate is never cut below this."),
            etude::param("eps", &Plateau::eps, right_open(0, infinity), "Cuts of the rate that are not larger than this are not made."),
            etude::param("fires", &Plateau::fires, fires_words, "after: when the bad reports exceed patience; at: when they reach it."),
            etude::param("cooldown_counts", &Plateau::cooldown_counts, cooldown_words,
                         "all: the reports of cooldown are ignored; less_one: one less, as in Keras."),
            etude::param("at_floor", &Plateau::at_floor, floor_words,
                         "When no cut can be made, the count of bad reports begins anew, or is kept as in Keras."),
            etude::param("smooth", &Plateau::smooth, right_open(0, 1),
                         "Share of the old in a running mean of the metric; 0 takes the metric itself."),
            etude::param("on_nan", &Plateau::on_nan, nan_words,
                         "A metric that is NaN is a bad report, no report, or the end of the run.")};
    }
    static constexpr auto presets() {
        return std::tuple{
            etude::preset("pytorch", Plateau{}, "The plain defaults."),
            etude::preset("keras", Plateau{.margin_abs = 1e-4, .margin_rel = 0, .eps = 0, .fires = Fires::at,
                                           .cooldown_counts = CooldownCounts::less_one, .at_floor = AtFloor::keep}, "Keras 2 and 3."),
            etude::preset("optax", Plateau{.eps = 0, .fires = Fires::at}, "optax.contrib.reduce_on_plateau"),
            etude::preset("fastai", Plateau{.patience = 1, .margin_rel = 0, .eps = 0, .fires = Fires::at}, "No margin, patience 1.")};
    }
    static constexpr auto state() {
        return std::tuple{etude::scalar("best", &State::best), etude::scalar("bad", &State::bad), etude::scalar("rest", &State::rest),
                          etude::scalar("factor", &State::factor), etude::scalar("mean", &State::mean), etude::scalar("reports", &State::reports)};
    }

    double factor(const etude::Clock&, const State& state) const { return state.factor; }

    void observe(const etude::Report& report, State& state) const {
        if (std::isnan(report.value) && on_nan == OnNan::abort) throw std::runtime_error("the monitored metric is NaN");
        if (std::isnan(report.value) && on_nan == OnNan::ignore) return;
        const double metric = smoothed(report.sign * report.value, state);

        const bool was_resting = state.rest > 0;
        if (was_resting) {
            state.rest -= 1;
            state.bad = 0;
        }
        if (is_better(metric, state.best)) {
            state.best = metric;
            state.bad = 0;
            return;
        }
        if (cooldown_counts == CooldownCounts::all ? was_resting : state.rest > 0) return;
        state.bad += 1;
        if (fires == Fires::after ? state.bad > double(patience) : state.bad >= double(patience)) fire(report.base_lr, state);
    }

  private:
    /// The running mean begins at the first metric; NaN and infinity do not enter it.
    double smoothed(double metric, State& state) const {
        if (!std::isfinite(metric)) return metric;
        state.mean = state.reports > 0 ? smooth * state.mean + (1 - smooth) * metric : metric;
        state.reports += 1;
        return state.mean;
    }
    bool is_better(double metric, double best) const {
        return metric < (std::isinf(best) ? best : best - margin_abs - margin_rel * std::abs(best));
    }
    void fire(double base_lr, State& state) const {
        const double cut = std::max(state.factor * decay, floor / base_lr);
        const bool changes = (state.factor - cut) * base_lr > eps;
        if (changes) state.factor = cut;
        if (!changes && at_floor == AtFloor::keep) return;
        state.bad = 0;
        state.rest = double(cooldown);
    }
};
ETUDE_PLUGIN(Plateau)
