#include <etude/plugin.hpp>

struct StepThrowsAnInt {
    static constexpr auto name = "step_throws_an_int";
    static constexpr auto summary = "Broken on purpose.";
    static constexpr auto source = "";
    static constexpr auto params() { return std::tuple{}; }
    static constexpr auto slots = etude::names();
    static constexpr double lr = 0.1;
    void step(const etude::Step&) const { throw 42; }
};
ETUDE_PLUGIN(StepThrowsAnInt)
