#include <etude/plugin.hpp>

#include <cmath>

/// lr = a (b + x)^-gamma
///
/// Step sizes for stochastic gradient Langevin dynamics: their sum diverges and that of their squares converges for 1/2 < gamma <= 1. The
/// rate is absolute; the base has no effect. In the paper it is the variance of the noise too, which is the optimizer's business (`sgld`).
struct SgldPoly {
    double a = 0, b = 1, gamma = 0.55;

    static constexpr auto name = "sgld_poly";
    static constexpr auto summary = "A negative power of the time passed, as Langevin dynamics wants it.";
    static constexpr auto source = "Welling & Teh 2011, ICML, sec. 5 (after eq. 4)";
    static constexpr auto params() {
        return std::tuple{etude::rate("a", &SgldPoly::a, "Rate where b + x is 1.").with(ETUDE_MIN_OPEN).required(),
                          etude::param("b", &SgldPoly::b, etude::open(0, etude::infinity), "Where time begins, in ticks.").required(),
                          etude::param("gamma", &SgldPoly::gamma, etude::left_open(0.5, 1), "The power.")};
    }
    double factor(const etude::Clock& clock) const { return a * std::pow(b + clock.x, -gamma) / clock.base_lr; }
};
ETUDE_PLUGIN(SgldPoly)
