// Says elementwise and looks at its neighbour.
#include <etude/plugin.hpp>

struct Naughty {
    static constexpr auto name = "mixes";
    static constexpr auto summary = "Breaks one rule.";
    static constexpr auto source = "";
    static constexpr double lr = 0.01;
    static constexpr auto slots = etude::names("velocity");
    static constexpr bool elementwise = true;
    static constexpr auto params() { return std::tuple{}; }
    void step(const etude::Step& s) const {
        for (std::size_t i = 0; i < s.n; ++i) s.weights[i] -= float(s.lr) * (s.gradients[i] + 0.1f * s.gradients[i == 0 ? s.n - 1 : i - 1]);
    }
};
ETUDE_PLUGIN(Naughty)
