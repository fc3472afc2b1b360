#include <etude/plugin.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

/// Up from max / div to `max`, then down to the final rate (2 phases), or down to max / div and from there to the final rate (3 phases),
/// each along half a cosine or a line; the final rate is max / div / final_div, or max / final_div with final_of: max.
/// With L the length in ticks of d, the phases end at
///   ends: closed             pct L - d,  2 pct L - 2 d (3 phases),  L - d       as PyTorch: real numbers, the last tick has the final rate
///   ends: half_open, shifted pct L,      2 pct L (3 phases),        L           as fastai and Optax
/// `pct_final` puts the end of the second of three phases elsewhere than at 2 pct; `whole_phases` rounds the ends of phases down to ticks.
///
/// Where implementations differ: see the presets. In PyTorch the peak falls between two updates unless pct L is whole; where pct L is 1 it
/// divides by zero (here the first tick has `max`), and one update past the end it goes up again to a sixth of the peak. Optax rounds (its
/// cosine form is `optax`, its linear one `optax_linear`). Smith & Topin have lines, up and down equally long. All of them ignore the
/// optimizer's rate. PyTorch and fastai cycle the momentum too: schedule optimizer.momentum for that.
struct OneCycle {
    enum class FinalOf { start, max };
    static constexpr auto final_words = etude::names("start", "max");

    double max = 0;
    etude::Length length = etude::whole_run;
    double pct = 0.3, div = 25, final_div = 1e4;
    FinalOf final_of = FinalOf::start;
    etude::Anneal shape = etude::Anneal::cos;
    std::int64_t phases = 2;
    double pct_final = 0;
    bool whole_phases = false;

    static constexpr auto name = "one_cycle";
    static constexpr auto summary = "Once up to `max` and down again, in the end far below the start.";
    static constexpr auto source = "Smith & Topin 2018, arXiv:1708.07120; PyTorch OneCycleLR; fastai fit_one_cycle; Optax cosine_onecycle_schedule";
    static constexpr auto params() {
        using etude::right_open, etude::open, etude::infinity;
        return std::tuple{
            etude::rate("max", &OneCycle::max, "Rate at the peak.").required(),
            etude::param("length", &OneCycle::length, open(0, infinity), "Where the final rate is reached; held after it."),
            etude::param("pct", &OneCycle::pct, open(0, 1), "Share of the length in which the rate rises."),
            etude::param("div", &OneCycle::div, right_open(1, infinity), "The first rate is max over this."),
            etude::param("final_div", &OneCycle::final_div, right_open(1, infinity), "The final rate is the first one over this; see final_of."),
            etude::param("final_of", &OneCycle::final_of, final_words, "What final_div divides: the first rate, or max."),
            etude::param("shape", &OneCycle::shape, etude::anneal_names, "Half a cosine, or a line."),
            etude::param("phases", &OneCycle::phases, etude::closed(2, 3), "2: down to the final rate at once; 3: first down to where it began."),
            etude::param("pct_final", &OneCycle::pct_final, right_open(0, 1),
                         "Share of the length at which the last of three phases begins; 0 is 2 pct."),
            etude::param("whole_phases", &OneCycle::whole_phases, "Let phases end on whole ticks, so that the peak is met.")};
    }
    static constexpr auto presets() {
        using etude::Ends;
        return std::tuple{
            etude::preset("pytorch", OneCycle{}, "OneCycleLR").ends(Ends::closed),
            etude::preset("fastai", OneCycle{.pct = 0.25, .final_div = 1e5, .final_of = FinalOf::max}, "fit_one_cycle").ends(Ends::half_open),
            etude::preset("optax", OneCycle{.whole_phases = true}, "cosine_onecycle_schedule").ends(Ends::half_open),
            etude::preset("optax_linear", OneCycle{.shape = etude::Anneal::linear, .phases = 3, .pct_final = 0.85, .whole_phases = true},
                          "linear_onecycle_schedule").ends(Ends::half_open)};
    }
    void check() const {
        if (phases != 3) return;
        if (pct_final == 0.0 && pct > 0.5) throw std::invalid_argument("three phases need a pct of at most 0.5, or a pct_final");
        if (pct_final != 0.0 && pct_final <= pct) throw std::invalid_argument("pct_final does not lie after pct");
    }
    double factor(const etude::Clock& clock) const {
        const double peak = max / clock.base_lr, start = peak / div, last = (final_of == FinalOf::start ? start : peak) / final_div;
        const double lag = clock.ends == ETUDE_CLOSED ? clock.tick : 0.0;
        const double x = clock.x + (clock.ends == ETUDE_SHIFTED ? clock.tick : 0.0);
        const double up = phase_end(pct, clock) - lag;
        if (x <= up) return etude::between(shape, start, peak, up > 0.0 ? x / up : 1.0);
        const double down = phases == 3 ? phase_end(pct_final > 0.0 ? pct_final : 2.0 * pct, clock) - 2.0 * lag : up;
        if (x <= down) return etude::between(shape, peak, start, (x - up) / (down - up));
        const double stop = length.amount - lag, q = stop > down ? (x - down) / (stop - down) : 1.0;
        return etude::between(shape, phases == 3 ? start : peak, last, clock.unclamped ? q : std::min(1.0, q));
    }

  private:
    double phase_end(double share, const etude::Clock& clock) const {
        if (!whole_phases) return share * length.amount;
        return std::floor(share * std::round(length.amount / clock.tick)) * clock.tick;
    }
};
ETUDE_PLUGIN(OneCycle)
