// A schedule that goes below zero, only in short runs.
#include <etude/plugin.hpp>
struct FallsBelow {
    static constexpr auto name = "falls_below";
    static constexpr auto summary = "no sentence";
    static constexpr auto source = "";
    static constexpr auto params() { return std::tuple{}; }
    double factor(const etude::Clock& clock) const { return clock.total < 3 ? -1.0 : 1.0; }
};
ETUDE_PLUGIN(FallsBelow)
