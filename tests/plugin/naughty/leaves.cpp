// Ends the process.
#include "naughty.hpp"
#include <cstdlib>
struct Naughty : NaughtyOptimizer {
    static constexpr auto name = "leaves";
    void step(const etude::Step& s) const {
        std::_Exit(s.n > 0 ? 7 : 0);
    }
};
ETUDE_PLUGIN(Naughty)
