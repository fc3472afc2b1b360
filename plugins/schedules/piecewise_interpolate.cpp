#include <etude/plugin.hpp>

/// Between neighbouring knots (x_k, v_k), with q = (x - x_k) / (x_{k+1} - x_k), from s = v_k to e = v_{k+1}:
///   linear  lr = s + (e - s) q      cos  lr = s + (e - s) (1 - cos(pi q)) / 2      poly  lr = s + (e - s) q^power
///   exp     lr = s (e / s)^q (`log` is another word for it)                        hold  lr = s
/// The first value before the first knot, the last one after the last. A knot has its value at its own tick; see etude::Knots for `ends`.
///
/// Where implementations differ: Optax gives scales, which accumulate (a knot's value is the base times all scales so far), and has the
/// base at 0 as a first knot. fastai's combine_scheds gives shares of the run (unit: fraction) that must sum to exactly 1, and never
/// reaches the last value (ends: half_open); it may change the shape from part to part, which a `sequence` does here.
struct PiecewiseInterpolate {
    std::span<const etude::Length> at = {};
    std::span<const double> values = {};
    etude::Curve shape = etude::Curve::linear;
    double power = 1;

    static constexpr auto name = "piecewise_interpolate";
    static constexpr auto summary = "A curve through given rates at given times.";
    static constexpr auto source = "Optax piecewise_interpolate_schedule; fastai combine_scheds";
    static constexpr auto params() {
        return std::tuple{
            etude::param("at", &PiecewiseInterpolate::at, etude::right_open(0, etude::infinity), "When each of the values is reached.")
                .increasing().required(),
            etude::rates("values", &PiecewiseInterpolate::values, "The rates, one for each entry of at.").required(),
            etude::param("shape", &PiecewiseInterpolate::shape, etude::curve_names,
                         "Way from each value to the next; exp (or log) is straight on a logarithmic axis, hold is steps."),
            etude::param("power", &PiecewiseInterpolate::power, etude::open(0, etude::infinity), "Power of the time passed, for shape poly.")};
    }
    static constexpr auto presets() {
        using etude::Ends, etude::Unit;
        return std::tuple{etude::preset("optax", PiecewiseInterpolate{}, "piecewise_interpolate_schedule").ends(Ends::half_open),
                          etude::preset("fastai", PiecewiseInterpolate{.shape = etude::Curve::cos}, "combined_cos")
                              .unit(Unit::fraction).ends(Ends::half_open)};
    }
    void check() const { knots().check(); }
    double factor(const etude::Clock& clock) const { return knots().value(clock) / clock.base_lr; }

  private:
    etude::Knots knots() const { return {at, values, shape, power}; }
};
ETUDE_PLUGIN(PiecewiseInterpolate)
