// Leaves out the last element of the point where it asks.
#include "naughty.hpp"

struct Naughty : NaughtyOptimizer {
    static constexpr auto name = "asks_in_part";
    static constexpr auto slots = etude::names();
    static constexpr std::uint32_t max_probes = 1;
    bool probe(const etude::Step& s, float* point) const {
        for (std::size_t i = 0; i + 1 < s.n; ++i) point[i] = s.weights[i];
        return true;
    }
    void step(const etude::Step& s) const {
        const float rate = float(s.lr);
        s.each([=](float& w, float g) { w -= rate * g; });
    }
};
ETUDE_PLUGIN(Naughty)
