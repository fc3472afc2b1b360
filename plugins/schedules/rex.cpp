#include <etude/plugin.hpp>

#include <algorithm>

/// lr = end + (base - end) (1 - q) / (1 - q / 2),   q taken at the last multiple of `sample` and held until the next
///
/// `sample` is the paper's sampling rate: 1 update draws the curve itself, {fraction: 0.1} ten steps. With ends: closed the last sample has
/// the end value.
/// Where implementations differ: the paper and pytorch_optimizer are half-open. The latter's first update runs at the end rate, because
/// its constructor steps once before the rate is set; that is not copied.
struct Rex {
    double end = 0;
    etude::Length length = etude::whole_run, sample = etude::updates(1);

    static constexpr auto name = "rex";
    static constexpr auto summary = "Between a line and a cosine: slow at first, then ever faster to `end` (reflected exponential).";
    static constexpr auto source = "Chen, Wolfe & Kyrillidis 2022, arXiv:2107.04197, sec. 3";
    static constexpr auto params() {
        using etude::open, etude::infinity;
        return std::tuple{etude::rate("end", &Rex::end, "Rate at the end."),
                          etude::param("length", &Rex::length, open(0, infinity), "Where the end is reached; held after it."),
                          etude::param("sample", &Rex::sample, open(0, infinity), "The rate is changed once in this time.")};
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("paper", Rex{}, "The end is reached one update after the last.").ends(etude::Ends::half_open)};
    }
    double factor(const etude::Clock& clock) const {
        etude::Clock sampled = clock;
        sampled.x = std::min(clock.x, clock.whole_periods(sample) * sample.amount);
        sampled.tick = std::max(clock.tick, sample.amount);
        const double q = sampled.position(length), floor = end / clock.base_lr;
        return floor + (1.0 - floor) * ((1.0 - q) / (1.0 - q / 2.0));
    }
};
ETUDE_PLUGIN(Rex)
