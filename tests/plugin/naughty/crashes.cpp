// Writes where nothing is.
#include "naughty.hpp"

struct Naughty : NaughtyOptimizer {
    static constexpr auto name = "crashes";
    void step(const etude::Step& s) const {
        float* const nowhere = nullptr;
        *static_cast<volatile float*>(nowhere) = float(s.lr);
    }
};
ETUDE_PLUGIN(Naughty)
