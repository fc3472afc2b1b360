#include <etude/plugin.hpp>

struct FactorNan {
    static constexpr auto name = "factor_nan";
    static constexpr auto summary = "Broken on purpose.";
    static constexpr auto source = "";
    static constexpr auto params() { return std::tuple{}; }
    double factor(const etude::Clock& clock) const { return clock.x < 3 ? 1 : __builtin_nan(""); }
};
ETUDE_PLUGIN(FactorNan)
