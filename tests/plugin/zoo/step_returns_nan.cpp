#include <etude/plugin.hpp>

struct StepReturnsNan {
    static constexpr auto name = "step_returns_nan";
    static constexpr auto summary = "Broken on purpose.";
    static constexpr auto source = "";
    static constexpr auto params() { return std::tuple{}; }
    static constexpr auto slots = etude::names();
    static constexpr double lr = 0.1;
    void step(const etude::Step& s) const { s.weights[0] = __builtin_nanf(""); }
};
ETUDE_PLUGIN(StepReturnsNan)
