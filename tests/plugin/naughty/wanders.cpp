// A schedule that counts its calls.
#include <etude/plugin.hpp>
static int calls = 0;
struct Wanders {
    static constexpr auto name = "wanders";
    static constexpr auto summary = "Breaks one rule.";
    static constexpr auto source = "";
    static constexpr auto params() { return std::tuple{}; }
    double factor(const etude::Clock&) const { return 1.0 / ++calls; }
};
ETUDE_PLUGIN(Wanders)
