// framework/sdk/curves.hpp - what several schedules share: the way from one value to another, and a curve through knots. Part of
// <etude/plugin.hpp>.
#pragma once
#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include "plugin.hpp"

namespace etude {

/// The way from s to e, with q in [0, 1] the part of it that has passed:
///   linear  s + (e - s) q        cos  s + (e - s) (1 - cos(pi q)) / 2        poly  s + (e - s) q^power
///   exp     s (e / s)^q, a straight line on a logarithmic axis, which `log` is another word for; s, e > 0        hold  s
enum class Curve { linear, cos, exp, log, poly, hold };
inline constexpr auto curve_names = names("linear", "cos", "exp", "log", "poly", "hold");

/// The two of them that most peers offer, in their order.
enum class Anneal { cos, linear };
inline constexpr auto anneal_names = names("cos", "linear");
constexpr Curve curve_of(Anneal anneal) { return anneal == Anneal::cos ? Curve::cos : Curve::linear; }

inline double between(Curve curve, double s, double e, double q, double power = 1.0) {
    switch (curve) {
        case Curve::linear: return s + (e - s) * q;
        case Curve::cos: return s + (e - s) * ((1.0 - std::cos(std::numbers::pi * q)) / 2.0);
        case Curve::exp:
        case Curve::log: return s * std::pow(e / s, q);
        case Curve::poly: return s + (e - s) * std::pow(q, power);
        case Curve::hold: return s;
    }
    return s;
}
inline double between(Anneal anneal, double s, double e, double q) { return between(curve_of(anneal), s, e, q); }

/// A curve through the points (at[k], values[k]): values[0] before the first, the last one after the last.
/// A knot has its value at its own tick, whatever `ends` says, but for two cases: with ends: shifted everything happens one tick earlier;
/// with ends: closed a last knot at the very end of the schedule's time, which no tick reaches, is moved to the last tick.
struct Knots {
    std::span<const Length> at;      // increasing
    std::span<const double> values;  // as many
    Curve curve = Curve::linear;
    double power = 1.0;

    /// For `check()` of a plugin.
    void check() const {
        if (at.empty()) throw std::invalid_argument("at is empty");
        if (at.size() != values.size()) throw std::invalid_argument("at and values need the same number of entries");
        if (curve != Curve::exp && curve != Curve::log) return;
        for (const double value : values)
            if (value <= 0.0) throw std::invalid_argument("shape exp (or log) needs values above 0");
    }
    double value(const Clock& clock) const {
        const double here = clock.x + (clock.ends == ETUDE_SHIFTED ? clock.tick : 0.0);
        const auto after = std::upper_bound(at.begin(), at.end(), here + 1e-6 * clock.tick,
                                            [](double x, const Length& knot) { return x < knot.amount; });
        if (after == at.begin()) return values.front();
        if (after == at.end()) return values.back();
        const auto k = static_cast<std::size_t>(after - at.begin()) - 1;
        const double begin = at[k].amount, extent = end_of(k + 1, clock) - begin;
        const double q = extent > 0.0 ? std::clamp((here - begin) / extent, 0.0, 1.0) : 0.0;
        return q < 1.0 ? between(curve, values[k], values[k + 1], q, power) : values[k + 1];
    }

  private:
    double end_of(std::size_t k, const Clock& clock) const {
        const bool is_out_of_reach = k + 1 == at.size() && std::abs(at[k].amount - clock.span) <= 1e-6 * clock.tick;
        return is_out_of_reach && clock.ends == ETUDE_CLOSED ? clock.span - clock.tick : at[k].amount;
    }
};

}  // namespace etude
