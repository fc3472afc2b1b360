#include <etude/plugin.hpp>
#include <algorithm>
#include <cmath>

/// lr = end + (base - end) (1 - q)^power,   q = 0 until `begin`, 1 from `length` on
/// cycle:  the length is stretched to the next multiple that holds x, so that after each end the rate jumps up, to ever less:
///         q <- q / max(1, ceil q)
///
/// Where implementations differ: the power is 1 in Keras and PyTorch, 2 in MXNet, .5 in timm; the end 1e-4 in Keras, 1e-7 in
/// transformers, 0 in MXNet, none in PyTorch, whose default length is 5. All but MXNet are half-open; MXNet's trainer counts from 1
/// (shifted). Only Keras has `cycle`, which is no restart: half the way up, then a third.
struct Polynomial {
    double end = 0;
    etude::Length length = etude::whole_run;
    double power = 1;
    etude::Length begin = etude::ticks(0);
    bool cycle = false;

    static constexpr auto name = "polynomial";
    static constexpr auto summary = "A power of the time left, from the base rate to `end`.";
    static constexpr auto source = "Keras PolynomialDecay; Optax polynomial_schedule; MXNet PolyScheduler";
    static constexpr auto params() {
        return std::tuple{etude::rate("end", &Polynomial::end, "Rate at the end."),
                          etude::param("length", &Polynomial::length, etude::open(0, etude::infinity), "Where the end is reached; held after it."),
                          etude::param("power", &Polynomial::power, etude::open(0, etude::infinity),
                                       "1 is a line; larger falls fast first, smaller falls late."),
                          etude::param("begin", &Polynomial::begin, etude::right_open(0, etude::infinity),
                                       "Where the base rate is left; the end stays at `length`."),
                          etude::param("cycle", &Polynomial::cycle, "Stretch the length to the next multiple when it is over.")};
    }
    static constexpr auto presets() {
        using etude::Ends;
        return std::tuple{etude::preset("keras", Polynomial{.end = 1e-4}, "PolynomialDecay").ends(Ends::half_open),
                          etude::preset("pytorch", Polynomial{.length = etude::ticks(5)}, "PolynomialLR").ends(Ends::half_open),
                          etude::preset("optax", Polynomial{}, "polynomial_schedule").ends(Ends::half_open),
                          etude::preset("mxnet", Polynomial{.power = 2}, "PolyScheduler, counted from 1").ends(Ends::shifted)};
    }
    double factor(const etude::Clock& clock) const {
        const double floor = end / clock.base_lr;
        return floor + (1.0 - floor) * std::pow(1.0 - position(clock), power);
    }

  private:
    double position(etude::Clock clock) const {
        if (cycle) clock.unclamped = 1;
        const double q = clock.position(etude::ticks(length.amount - begin.amount), begin);
        return cycle ? std::min(1.0, q / std::max(1.0, std::ceil(q - 1e-9))) : q;  // 1e-9: the end itself, rounded up, is still the end
    }
};
ETUDE_PLUGIN(Polynomial)
