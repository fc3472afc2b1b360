// Writes where nothing is.
#include <etude/plugin.hpp>

struct Naughty {
    static constexpr auto name = "crashes";
    static constexpr auto summary = "Breaks one rule.";
    static constexpr auto source = "";
    static constexpr double lr = 0.01;
    static constexpr auto slots = etude::names("velocity");
    static constexpr bool elementwise = true;
    static constexpr auto params() { return std::tuple{}; }
    void step(const etude::Step& s) const {
        float* const nowhere = nullptr;
        *static_cast<volatile float*>(nowhere) = float(s.lr);
    }
};
ETUDE_PLUGIN(Naughty)
