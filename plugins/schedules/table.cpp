#include <etude/plugin.hpp>

/// lr = the recorded rate at x; between two entries linear, cos, log (or exp: straight on a logarithmic axis), poly, or hold (the last one
/// that was recorded). The first rate before the first entry, the last one after the last.
///
/// Replays the rates of another run: `at` holds the updates 0, 1, 2, ... (or the epochs, with unit: epoch) and `values` what was used in
/// them, so that every rate comes back exactly, whatever the shape. None of the peers has it.
struct Table {
    std::span<const etude::Length> at = {};
    std::span<const double> values = {};
    etude::Curve shape = etude::Curve::linear;
    double power = 1;

    static constexpr auto name = "table";
    static constexpr auto summary = "Rates from a table: the replay of a recorded run.";
    static constexpr auto source = "";
    static constexpr auto params() {
        return std::tuple{
            etude::param("at", &Table::at, etude::right_open(0, etude::infinity), "When each rate was recorded.").increasing().required(),
            etude::rates("values", &Table::values, "The recorded rates, one for each entry of at.").required(),
            etude::param("shape", &Table::shape, etude::curve_names,
                         "Way from each rate to the next; log (or exp) is straight on a logarithmic axis, hold keeps the last one recorded."),
            etude::param("power", &Table::power, etude::open(0, etude::infinity), "Power of the time passed, for shape poly.")};
    }
    void check() const { knots().check(); }
    double factor(const etude::Clock& clock) const { return knots().value(clock) / clock.base_lr; }

  private:
    etude::Knots knots() const { return {at, values, shape, power}; }
};
ETUDE_PLUGIN(Table)
