// Writes one weight too many.
#include <etude/plugin.hpp>

struct Naughty {
    static constexpr auto name = "writes_beyond";
    static constexpr auto summary = "Breaks one rule.";
    static constexpr auto source = "";
    static constexpr double lr = 0.01;
    static constexpr auto slots = etude::names("velocity");
    static constexpr bool elementwise = false;
    static constexpr auto params() { return std::tuple{}; }
    void step(const etude::Step& s) const {
        for (std::size_t i = 0; i <= s.n; ++i) s.weights[i] -= float(s.lr) * (i < s.n ? s.gradients[i] : 1.0f);
    }
};
ETUDE_PLUGIN(Naughty)
