// Writes one weight too many.
#include "naughty.hpp"

struct Naughty : NaughtyOptimizer {
    static constexpr auto name = "writes_beyond";
    static constexpr bool elementwise = false;
    void step(const etude::Step& s) const {
        for (std::size_t i = 0; i <= s.n; ++i) s.weights[i] -= float(s.lr) * (i < s.n ? s.gradients[i] : 1.0f);
    }
};
ETUDE_PLUGIN(Naughty)
