// Ends the process.
#include <etude/plugin.hpp>
#include <cstdlib>
struct Naughty {
    static constexpr auto name = "leaves";
    static constexpr auto summary = "Breaks one rule.";
    static constexpr auto source = "";
    static constexpr double lr = 0.01;
    static constexpr auto slots = etude::names("velocity");
    static constexpr bool elementwise = true;
    static constexpr auto params() { return std::tuple{}; }
    void step(const etude::Step& s) const {
        std::_Exit(s.n > 0 ? 7 : 0);
    }
};
ETUDE_PLUGIN(Naughty)
