#include <etude/plugin.hpp>
#include <cmath>

/// lr = base / 2^floor(x / every)
struct Halving {
    etude::Length every = etude::ticks(1);

    static constexpr auto name = "halving";
    static constexpr auto summary = "Halves the rate every so often.";
    static constexpr auto source = "";
    static constexpr auto params() { return std::tuple{etude::param("every", &Halving::every, "Time between two halvings.")}; }

    double factor(const etude::Clock& clock) const { return std::exp2(-std::floor(clock.periods(every))); }
};
ETUDE_PLUGIN(Halving)
