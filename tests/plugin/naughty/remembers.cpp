// Remembers an update outside its state.
#include "naughty.hpp"
static int calls = 0;
struct Naughty : NaughtyOptimizer {
    static constexpr auto name = "remembers";
    void step(const etude::Step& s) const {
        for (std::size_t i = 0; i < s.n; ++i) s.weights[i] -= float(s.lr) * (s.gradients[i] + float(calls) * 1e-3f);
        ++calls;
    }
};
ETUDE_PLUGIN(Naughty)
