#include <etude/plugin.hpp>

struct FactorNegative {
    static constexpr auto name = "factor_negative";
    static constexpr auto summary = "Broken on purpose.";
    static constexpr auto source = "";
    static constexpr auto params() { return std::tuple{}; }
    double factor(const etude::Clock& clock) const { return 1 - clock.x / 4; }
};
ETUDE_PLUGIN(FactorNegative)
