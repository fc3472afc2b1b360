#include <etude/plugin.hpp>

struct FactorInfinite {
    static constexpr auto name = "factor_infinite";
    static constexpr auto summary = "Broken on purpose.";
    static constexpr auto source = "";
    static constexpr auto params() { return std::tuple{}; }
    double factor(const etude::Clock& clock) const { return 1 / (2 - clock.x); }
};
ETUDE_PLUGIN(FactorInfinite)
