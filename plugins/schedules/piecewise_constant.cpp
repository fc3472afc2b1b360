#include <etude/plugin.hpp>
#include <stdexcept>

/// k = number of boundaries passed:  x >= b (boundary: at)  or  x > b (before)
/// values:  lr = values[k]
/// scales:  lr = base scales[0] ... scales[k-1]
///
/// Where implementations differ: Keras gives values and still uses the old one at x = b; Optax gives scales, which accumulate, and uses
/// the new one at x = b.
struct PiecewiseConstant {
    enum class Boundary { at, before };
    static constexpr auto places = etude::names("at", "before");

    std::span<const etude::Length> boundaries = {};
    std::span<const double> values = {}, scales = {};
    Boundary boundary = Boundary::at;

    static constexpr auto name = "piecewise_constant";
    static constexpr auto summary = "One rate between every two boundaries.";
    static constexpr auto source = "Keras PiecewiseConstantDecay; Optax piecewise_constant_schedule";
    static constexpr auto params() {
        return std::tuple{
            etude::param("boundaries", &PiecewiseConstant::boundaries, etude::right_open(0, etude::infinity), "Where the rate changes.")
                .increasing().required(),
            etude::rates("values", &PiecewiseConstant::values, "The rates, one more than boundaries; instead of scales."),
            etude::param("scales", &PiecewiseConstant::scales, etude::right_open(0, etude::infinity),
                         "What the rate is multiplied by at each boundary; instead of values."),
            etude::param("boundary", &PiecewiseConstant::boundary, places,
                         "at: the new rate is used from x = boundary; before: the old one is still used there.")};
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("keras", PiecewiseConstant{.boundary = Boundary::before}, "The old value is still used at the boundary."),
                          etude::preset("optax", PiecewiseConstant{}, "The new value is used at the boundary.")};
    }
    void check() const {
        if (boundaries.empty()) throw std::invalid_argument("boundaries is empty");
        if (values.empty() == scales.empty()) throw std::invalid_argument("either values or scales must be given, and not both");
        if (!values.empty() && values.size() != boundaries.size() + 1) throw std::invalid_argument("values needs one more entry than boundaries");
        if (!scales.empty() && scales.size() != boundaries.size()) throw std::invalid_argument("scales needs as many entries as boundaries");
    }
    double factor(const etude::Clock& clock) const {
        std::size_t k = 0;
        double product = 1.0;
        for (; k < boundaries.size() && passed(clock, boundaries[k]); ++k)
            if (!scales.empty()) product *= scales[k];
        return scales.empty() ? values[k] / clock.base_lr : product;
    }

  private:
    bool passed(const etude::Clock& clock, const etude::Length& length) const {
        return boundary == Boundary::at ? clock.reached(length) : clock.exceeded(length);
    }
};
ETUDE_PLUGIN(PiecewiseConstant)
