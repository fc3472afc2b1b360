// Hides a gradient that is no number.
#include "naughty.hpp"

struct Naughty : NaughtyOptimizer {
    static constexpr auto name = "hides";
    void step(const etude::Step& s) const {
        for (std::size_t i = 0; i < s.n; ++i) s.weights[i] -= s.gradients[i] == s.gradients[i] ? float(s.lr) * s.gradients[i] : 0.0f;
    }
};
ETUDE_PLUGIN(Naughty)
