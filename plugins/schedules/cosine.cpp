#include <etude/plugin.hpp>
#include <cmath>
#include <numbers>

/// lr = end + (base - end) c^power,   c = (1 + cos(pi q^k_decay)) / 2
///
/// Where implementations differ: Keras and Optax give the end as a share of the base (end_ratio), PyTorch and MXNet as a rate (end).
/// Keras, Optax and PyTorch are half-open: the end would be reached one update after the last; MXNet's trainer counts from 1 (shifted).
/// PyTorch's CosineAnnealingLR rises again after its length (after: extrapolate), the others hold. Optax and MXNet count warm-up updates
/// into the length, Keras and this do not. `power` is Optax's exponent, `k_decay` is timm's.
struct Cosine {
    double end = 0;
    etude::Length length = etude::whole_run;
    double power = 1, k_decay = 1;

    static constexpr auto name = "cosine";
    static constexpr auto summary = "Half a cosine from the base rate down to `end`.";
    static constexpr auto source = "Loshchilov & Hutter 2017, arXiv:1608.03983, eq. 5 without restarts; k_decay: Zhang & Li 2020, arXiv:2004.05909";
    static constexpr auto params() {
        return std::tuple{etude::rate("end", &Cosine::end, "Rate at the end."),
                          etude::param("length", &Cosine::length, etude::open(0, etude::infinity), "Where the end is reached; held after it."),
                          etude::param("power", &Cosine::power, etude::open(0, etude::infinity), "Power of the cosine; above 1 it falls earlier."),
                          etude::param("k_decay", &Cosine::k_decay, etude::open(0, etude::infinity), "Power of the time; above 1 it falls later.")};
    }
    static constexpr auto presets() {
        using etude::Ends;
        return std::tuple{etude::preset("keras", Cosine{}, "CosineDecay").ends(Ends::half_open),
                          etude::preset("pytorch", Cosine{}, "CosineAnnealingLR, which rises again")
                              .ends(Ends::half_open).after(etude::After::extrapolate),
                          etude::preset("optax", Cosine{}, "cosine_decay_schedule").ends(Ends::half_open),
                          etude::preset("mxnet", Cosine{}, "CosineScheduler, counted from 1").ends(Ends::shifted)};
    }
    double factor(const etude::Clock& clock) const {
        const double q = clock.position(length);
        const double floor = end / clock.base_lr;
        const double c = (1.0 + std::cos(std::numbers::pi * raised(q, k_decay))) / 2.0;
        return floor + (1.0 - floor) * raised(c, power);
    }

  private:
    /// std::pow, which takes as long as the cosine and returns `x` itself for an exponent of 1.
    static double raised(double x, double exponent) { return exponent == 1.0 ? x : std::pow(x, exponent); }
};
ETUDE_PLUGIN(Cosine)
