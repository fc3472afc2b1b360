// Computes something once an update and keeps it in a static: right as long as no other run is at the same update.
#include "naughty.hpp"
static std::uint64_t known = ~std::uint64_t{0};
static float mean = 0;
struct Naughty : NaughtyOptimizer {
    static constexpr auto name = "shares";
    static constexpr bool elementwise = false;
    static constexpr auto slots = etude::names();
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
