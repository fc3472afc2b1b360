// framework/study/draws.hpp - numbers drawn for the axes of a sweep: random, or quasi-random.
//
// Every draw is a place in [0, 1) that a distribution turns into a value, so that random search and Halton points share everything but the
// places. Place i is a function of the seed, the path and i alone: more draws leave the first ones as they are, and so does another axis.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace etude {

/// lo < hi; log_uniform: lo > 0; one_minus_log_uniform: hi < 1, and 1 - x is log-uniform; int_uniform: whole numbers, both ends included.
struct Distribution {
    enum class Kind { uniform, log_uniform, one_minus_log_uniform, int_uniform } kind = Kind::uniform;
    double lo = 0, hi = 1;
    double step = 0;  ///< not 0: the nearest multiple of it between the bounds
};

/// Rounded to 12 significant digits, as the spacings of an axis are.
double rounded_value(double value);
/// The value below which the share `place` of the distribution lies, rounded_value.
double value_at(const Distribution& distribution, double place);

/// `count` independent places for the axis at `path`.
std::vector<double> random_places(std::uint64_t seed, std::string_view path, std::size_t count);

inline constexpr std::size_t most_halton_axes = 16;  // beyond, the first hundreds of points of two axes lie on lines
/// Halton's sequence (1960): axis k, counted from 0, has the radical inverses in the k-th prime. Without a seed the plain sequence from its
/// second point on, since the first is the corner 0. With one, the digits are permuted, every digit of every axis by a permutation of its own
/// (Owen 2017, arXiv:1706.02808): as even as before, without the lines that the plain points of large primes lie on.
std::vector<double> halton_places(std::size_t axis, std::optional<std::uint64_t> seed, std::size_t count);

}  // namespace etude
