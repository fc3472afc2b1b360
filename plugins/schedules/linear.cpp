#include <etude/plugin.hpp>

/// lr = base + (end - base) q,   q = 0 until `begin`, 1 from `length` on
///
/// `end` may lie above the base. With the defaults and ends: half_open it is budgeted training, exactly 0 one update after the last.
/// Where implementations differ: Optax, transformers and fastai are half-open: the end would be reached one update after the last.
/// PyTorch's LinearLR counts in factors of at most 1 and cannot begin at 0; it is a warm-up, which is the host's `warmup` here.
struct Linear {
    double end = 0;
    etude::Length length = etude::whole_run, begin = etude::ticks(0);

    static constexpr auto name = "linear";
    static constexpr auto summary = "A straight line from the base rate to `end`.";
    static constexpr auto source = "Li, Yumer & Ramanan 2020, arXiv:1905.04753; Optax linear_schedule";
    static constexpr auto params() {
        return std::tuple{etude::rate("end", &Linear::end, "Rate at the end."),
                          etude::param("length", &Linear::length, etude::open(0, etude::infinity), "Where the end is reached; held after it."),
                          etude::param("begin", &Linear::begin, etude::right_open(0, etude::infinity),
                                       "Where the base rate is left; the end stays at `length`.")};
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("optax", Linear{}, "linear_schedule").ends(etude::Ends::half_open),
                          etude::preset("fastai", Linear{}, "SchedLin").ends(etude::Ends::half_open),
                          etude::preset("paper", Linear{}, "Budgeted training: 0 one update after the last.")
                              .unit(etude::Unit::update).ends(etude::Ends::half_open)};
    }
    double factor(const etude::Clock& clock) const {
        const double q = clock.position(etude::ticks(length.amount - begin.amount), begin);
        return 1.0 + (end / clock.base_lr - 1.0) * q;
    }
};
ETUDE_PLUGIN(Linear)
