// Moves without a rate.
#include "naughty.hpp"

struct Naughty : NaughtyOptimizer {
    static constexpr auto name = "moves_at_rest";
    void step(const etude::Step& s) const {
        for (std::size_t i = 0; i < s.n; ++i) s.weights[i] -= float(s.lr) * s.gradients[i] + 1e-6f;
    }
};
ETUDE_PLUGIN(Naughty)
