#include <etude/plugin.hpp>

/// lr = base until `flat` of the length has passed, then half a cosine down to base / div_final
///
/// Where implementations differ: fastai's fit_flat_cos is half-open: the end would be reached one update after the last, and a run of 8
/// updates ends at .500005 of the base.
struct FlatCos {
    double flat = 0.75, div_final = 1e5;
    etude::Length length = etude::whole_run;

    static constexpr auto name = "flat_cos";
    static constexpr auto summary = "The base rate for most of the time, then half a cosine down.";
    static constexpr auto source = "fastai fit_flat_cos";
    static constexpr auto params() {
        using etude::right_open, etude::infinity;
        return std::tuple{etude::param("flat", &FlatCos::flat, right_open(0, 1), "Share of the length at the base rate."),
                          etude::param("div_final", &FlatCos::div_final, right_open(1, infinity), "The rate at the end is the base over this."),
                          etude::param("length", &FlatCos::length, etude::open(0, infinity), "Where the end is reached; held after it.")};
    }
    static constexpr auto presets() { return std::tuple{etude::preset("fastai", FlatCos{}, "fit_flat_cos").ends(etude::Ends::half_open)}; }
    double factor(const etude::Clock& clock) const {
        const double begin = flat * length.amount;
        return etude::between(etude::Curve::cos, 1.0, 1.0 / div_final, clock.position(etude::ticks(length.amount - begin), begin));
    }
};
ETUDE_PLUGIN(FlatCos)
