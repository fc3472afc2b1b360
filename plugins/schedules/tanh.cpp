#include <etude/plugin.hpp>

#include <cmath>
#include <stdexcept>

/// lr = end + (base - end) w,   w = (1 - tanh(lb (1 - q) + ub q)) / 2
/// normalise:  (w - w(q=1)) / (w(q=0) - w(q=1)) in place of w, so that both ends are exact
///
/// Where implementations differ: timm is half-open and, as in the paper, neither end is exact: with -7 and 3 the rate begins at .999999 of
/// the base and ends at .0025 of it.
struct Tanh {
    double end = 0;
    etude::Length length = etude::whole_run;
    double lb = -7, ub = 3;
    bool normalise = false;

    static constexpr auto name = "tanh";
    static constexpr auto summary = "A hyperbolic tangent from the base rate to `end`: flat, steep, flat.";
    static constexpr auto source = "Hsueh et al. 2018, arXiv:1806.01593; timm TanhLRScheduler";
    static constexpr auto params() {
        using etude::open, etude::infinity;
        return std::tuple{etude::rate("end", &Tanh::end, "Rate the curve tends to."),
                          etude::param("length", &Tanh::length, open(0, infinity), "Where the curve ends; held after it."),
                          etude::param("lb", &Tanh::lb, open(-infinity, infinity), "Argument of tanh at the start; less than ub."),
                          etude::param("ub", &Tanh::ub, open(-infinity, infinity), "Argument of tanh at the end."),
                          etude::param("normalise", &Tanh::normalise, "Stretch the curve so that it begins at the base and ends at `end` exactly.")};
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("timm", Tanh{}, "TanhLRScheduler").ends(etude::Ends::half_open)};
    }
    void check() const {
        if (!(lb < ub)) throw std::invalid_argument("lb is not less than ub");
        if (normalise && weight(0) == weight(1)) throw std::invalid_argument("normalise has nothing to stretch: tanh is the same at lb and ub");
    }
    double factor(const etude::Clock& clock) const {
        const double floor = end / clock.base_lr, w = weight(clock.position(length));
        return floor + (1.0 - floor) * (normalise ? (w - weight(1)) / (weight(0) - weight(1)) : w);
    }

  private:
    double weight(double q) const { return (1.0 - std::tanh(lb * (1.0 - q) + ub * q)) / 2.0; }
};
ETUDE_PLUGIN(Tanh)
