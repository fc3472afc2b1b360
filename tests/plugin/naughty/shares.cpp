// Computes something once an update and keeps it in a static: right as long as no other run is at the same update.
#include <etude/plugin.hpp>
static std::uint64_t known = ~std::uint64_t{0};
static float mean = 0;
struct Naughty {
    static constexpr auto name = "shares";
    static constexpr auto summary = "Breaks one rule.";
    static constexpr auto source = "";
    static constexpr double lr = 0.01;
    static constexpr auto slots = etude::names();
    static constexpr auto params() { return std::tuple{}; }
    void step(const etude::Step& s) const {
        if (known != s.index) {
            mean = 0;
            for (std::size_t i = 0; i < s.n; ++i) mean += s.gradients[i] / float(s.n);
            known = s.index;
        }
        for (std::size_t i = 0; i < s.n; ++i) s.weights[i] -= float(s.lr) * (s.gradients[i] + 0.1f * mean);
    }
};
ETUDE_PLUGIN(Naughty)
