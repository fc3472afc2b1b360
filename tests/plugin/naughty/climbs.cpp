// Goes up.
#include "naughty.hpp"

struct Naughty : NaughtyOptimizer {
    static constexpr auto name = "climbs";
    void step(const etude::Step& s) const {
        for (std::size_t i = 0; i < s.n; ++i) s.weights[i] += float(s.lr) * s.gradients[i];
    }
};
ETUDE_PLUGIN(Naughty)
