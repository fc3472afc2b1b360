#include <etude/plugin.hpp>

struct FactorZeroFirst {
    static constexpr auto name = "factor_zero_first";
    static constexpr auto summary = "Broken on purpose.";
    static constexpr auto source = "";
    static constexpr auto params() { return std::tuple{}; }
    double factor(const etude::Clock& clock) const { return clock.x; }
};
ETUDE_PLUGIN(FactorZeroFirst)
