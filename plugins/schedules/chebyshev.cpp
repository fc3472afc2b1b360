#include <etude/plugin.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

/// lr = base / (c - r cos(pi (k + 1/2) / n)),   c = (M + m) / 2, r = (M - m) / 2,   n the ticks in `length`
///
/// The k-th of n such steps undo the k-th part of a quadratic whose curvatures lie in [m, M] = [curvature_min, curvature_max]. With base 1
/// they go from 1/M to 1/m. Taken in their order they overshoot; the fractal order keeps every stretch of them stable:
///   sigma_1 = (0),   sigma_2n = interlace(sigma_n, 2n - 1 - sigma_n)
/// It exists for powers of two only: for another n the nodes are those of the next power of two, of which the first n are taken.
///
/// Where implementations differ: pytorch_optimizer has m = .05 and M = 1, leaves out two epochs, and fails where n is no power of two.
struct Chebyshev {
    double curvature_min = 0.05, curvature_max = 1;
    etude::Length length = etude::whole_run;
    bool permuted = true;

    static constexpr auto name = "chebyshev";
    static constexpr auto summary = "Chebyshev's steps for a quadratic, in a fractal order.";
    static constexpr auto source = "Agarwal, Goel & Zhang 2021, arXiv:2103.01338, def. 3 and 4";
    static constexpr auto params() {
        using etude::open, etude::infinity;
        return std::tuple{
            etude::param("curvature_min", &Chebyshev::curvature_min, open(0, infinity),
                         "Smallest curvature, m: the rate rises up to the base over this."),
            etude::param("curvature_max", &Chebyshev::curvature_max, open(0, infinity),
                         "Largest curvature, M: the rate falls down to the base over this."),
            etude::param("length", &Chebyshev::length, open(0, infinity), "All the steps; the last one is held after it."),
            etude::param("permuted", &Chebyshev::permuted, "Take the steps in the fractal order, not from small to large.")};
    }
    void check() const {
        if (!(curvature_min <= curvature_max)) throw std::invalid_argument("curvature_min is above curvature_max");
    }
    double factor(const etude::Clock& clock) const {
        const double n = std::clamp(std::round(length.amount / clock.tick), 1.0, most), k = std::min(std::round(clock.x / clock.tick), n - 1.0);
        const auto nodes = std::bit_ceil(static_cast<std::uint64_t>(n));
        const double count = permuted ? static_cast<double>(nodes) : n;
        const double node = permuted ? static_cast<double>(fractal(static_cast<std::uint64_t>(k), nodes)) : k;
        const double c = (curvature_max + curvature_min) / 2.0, r = (curvature_max - curvature_min) / 2.0;
        return 1.0 / (c - r * std::cos(std::numbers::pi * (node + 0.5) / count));
    }

  private:
    static constexpr double most = 4503599627370496.0;  // 2^52 ticks

    /// sigma_n[k]: the binary digits of k, the highest first, choose the half of each interlacing.
    static std::uint64_t fractal(std::uint64_t k, std::uint64_t n) {
        std::uint64_t value = 0;
        for (std::uint64_t size = 2, digit = n / 2; digit > 0; size *= 2, digit /= 2)
            if (k & digit) value = size - 1 - value;
        return value;
    }
};
ETUDE_PLUGIN(Chebyshev)
