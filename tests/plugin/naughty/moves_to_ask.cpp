// Changes the weights to ask.
#include "naughty.hpp"

struct Naughty : NaughtyOptimizer {
    static constexpr auto name = "moves_to_ask";
    static constexpr auto slots = etude::names();
    static constexpr std::uint32_t max_probes = 1;
    bool probe(const etude::Step& s, float* point) const {
        for (std::size_t i = 0; i < s.n; ++i) point[i] = s.weights[i] += 1;
        return true;
    }
    void step(const etude::Step& s) const {
        const float rate = float(s.lr);
        s.each([=](float& w, float g) { w -= rate * g; });
    }
};
ETUDE_PLUGIN(Naughty)
