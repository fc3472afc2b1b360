#include <etude/plugin.hpp>

#include <algorithm>
#include <cmath>

/// lr = gain d_model^-1/2 min(n^-1/2, n peak^-3/2),   n = x + 1 tick
///
/// Rises in a line to gain / sqrt(d_model peak) at n = peak, then falls as one over the root. The rate is absolute: the base has no
/// effect; `gain` scales it. It counts from 1 as the paper does, whatever `ends` says: implementations that count from 0 divide by zero.
struct Noam {
    std::int64_t d_model = 1;
    etude::Length peak = etude::updates(4000);
    double gain = 1;

    static constexpr auto name = "noam";
    static constexpr auto summary = "The Transformer's rate: a line up, then one over the root of the time.";
    static constexpr auto source = "Vaswani et al. 2017, arXiv:1706.03762, eq. 3";
    static constexpr auto params() {
        using etude::open, etude::infinity;
        return std::tuple{etude::param("d_model", &Noam::d_model, etude::right_open(1, infinity), "Width of the model.").required(),
                          etude::param("peak", &Noam::peak, open(0, infinity), "When the rate is highest; the paper's warmup_steps."),
                          etude::param("gain", &Noam::gain, open(0, infinity), "Multiplies the rate.")};
    }
    double factor(const etude::Clock& clock) const {
        const double n = clock.x + clock.tick, w = peak.amount;
        const double rate = gain / std::sqrt(static_cast<double>(d_model)) * std::min(1.0 / std::sqrt(n), n / (w * std::sqrt(w)));
        return rate / clock.base_lr;
    }
};
ETUDE_PLUGIN(Noam)
