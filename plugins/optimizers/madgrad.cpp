#include <bit>
#include <cstdint>
#include <etude/plugin.hpp>

/// l = lr sqrt(n),  n = 1, 2, ...        s <- s + l g        v <- v + l g^2        z = x0 - s / (cbrt(v) + eps)
/// w <- w + (1 - momentum) (z - w),   x0 the weights before the first update
///
/// A dual average: the weights follow from all gradients and x0, so weight decay can only be a penalty in the gradient here. The authors'
/// code adds eps to the rate too; that is left out, so that a rate of 0 changes nothing. cbrt is computed in float without a call (two
/// bits lost at most), so that the loop vectorises.
struct MadGrad {
    double momentum = 0.9, eps = 1e-6, weight_decay = 0;

    static constexpr auto name = "madgrad";
    static constexpr auto summary = "A momentumized, adaptive dual average: all gradients over the cube root of their squares.";
    static constexpr auto source = "Defazio & Jelassi 2021, arXiv:2101.11075, algorithm 1";
    static constexpr double lr = 0.01;
    static constexpr auto slots = etude::names("sum", "squares", "start");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple{etude::param("momentum", &MadGrad::momentum, etude::right_open(0, 1),
                                       "Share of the old weights in the new; 0 turns it off."),
                          etude::param("eps", &MadGrad::eps, etude::closed(0, 1), "Added to the cube root."),
                          etude::param("weight_decay", &MadGrad::weight_decay, etude::right_open(0, etude::infinity),
                                       "Strength of the penalty, weight_decay x weight added to the gradient; 0 turns it off.")};
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("optax", MadGrad{}, "The numbers of the paper; it has no default rate."),
                          etude::preset("timm", MadGrad{}, "The plain defaults.").lr(0.01),
                          etude::preset("paper", MadGrad{}, "Algorithm 1 with the numbers of the authors' code.").lr(0.01)};
    }

    void step(const etude::Step& s) const {
        const float first = s.index == 0 ? 1.0f : 0.0f;  // slots begin at 0
        const float weight = float(s.lr * std::sqrt(double(s.index) + 1)), mix = float(1 - momentum), e = etude::denominator_eps(eps);
        etude::each_decayed_by(s, {0, s.n}, {.penalty = float(weight_decay)}, [=](float& w, float g, float& sum, float& squares, float& start) {
            start += first * w;
            sum += weight * g;
            squares += weight * (g * g);
            w += mix * (start - sum / (cube_root(squares) + e) - w);
        });
    }

  private:
    /// For x >= 0; 0 and what is below the normal floats comes out as at most 2e-13. A third of the exponent by its bits (3 % off), then
    /// y <- y - (y - x / y^2) / 3 three times.
    ETUDE_INLINE static float cube_root(float x) {
        const float bits = float(std::bit_cast<std::int32_t>(x)) * (1.0f / 3.0f);
        float y = std::bit_cast<float>(std::int32_t(bits) + 709958130);
        for (int i = 0; i < 3; ++i) y = y - (y - x / (y * y)) * (1.0f / 3.0f);
        return y;
    }
};
ETUDE_PLUGIN(MadGrad)
