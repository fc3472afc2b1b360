#include "study/draws.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/hash.hpp"
#include "base/random.hpp"

namespace etude {
namespace {

constexpr std::array<std::uint32_t, most_halton_axes> primes{2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53};

double continuous_value(const Distribution& d, double place) {
    switch (d.kind) {
        case Distribution::Kind::uniform:
            return d.lo + (d.hi - d.lo) * place;
        case Distribution::Kind::log_uniform:
            return std::exp(std::log(d.lo) + (std::log(d.hi) - std::log(d.lo)) * place);
        case Distribution::Kind::one_minus_log_uniform:
            return -std::expm1(std::log1p(-d.lo) + (std::log1p(-d.hi) - std::log1p(-d.lo)) * place);
        case Distribution::Kind::int_uniform:
            return d.lo + std::floor((d.hi - d.lo + 1) * place);
    }
    return d.lo;
}

/// The digits of `index` in `base`, least significant first, mirrored behind the point.
double radical_inverse(std::uint64_t index, std::uint32_t base) {
    double value = 0, weight = 1.0 / base;
    for (; index > 0; index /= base, weight /= base) value += weight * static_cast<double>(index % base);
    return value;
}

/// Permutations of the digits, as many as a double can tell apart.
std::vector<std::vector<std::uint32_t>> digit_permutations(std::uint64_t seed, std::uint32_t base) {
    const auto digits = static_cast<std::size_t>(std::ceil(53 / std::log2(base)));
    std::vector<std::vector<std::uint32_t>> permutations(digits, std::vector<std::uint32_t>(base));
    for (std::size_t digit = 0; digit < digits; ++digit) Rng(seed, "halton", base, digit).permutation(permutations[digit]);
    return permutations;
}

double scrambled_inverse(std::uint64_t index, std::uint32_t base, const std::vector<std::vector<std::uint32_t>>& permutations) {
    double value = 0, weight = 1.0 / base;
    for (const auto& permutation : permutations) {  // the zeros in front of an index are digits too
        value += weight * permutation[index % base];
        index /= base;
        weight /= base;
    }
    return std::min(value, std::nextafter(1.0, 0.0));
}

}  // namespace

double rounded_value(double value) {
    std::array<char, 32> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general, 12).ptr;
    double result = value;
    std::from_chars(buffer.data(), end, result);
    return result;
}

double value_at(const Distribution& distribution, double place) {
    double value = continuous_value(distribution, place);
    if (distribution.step > 0) {
        constexpr double slack = 1e-9;  // 0.3 / 0.1 lies below 3
        const double first = std::ceil(distribution.lo / distribution.step - slack), last = std::floor(distribution.hi / distribution.step + slack);
        value = std::clamp(std::round(value / distribution.step), first, last) * distribution.step;
    }
    return std::clamp(rounded_value(value), distribution.lo, distribution.hi);
}

std::vector<double> random_places(std::uint64_t seed, std::string_view path, std::size_t count) {
    Rng rng(seed, "draw", hash_bytes(path));
    std::vector<double> places(count);
    for (double& place : places) place = rng.uniform();
    return places;
}

std::vector<double> halton_places(std::size_t axis, std::optional<std::uint64_t> seed, std::size_t count) {
    const std::uint32_t base = primes.at(axis);
    const auto permutations = seed ? digit_permutations(*seed, base) : std::vector<std::vector<std::uint32_t>>{};
    std::vector<double> places;
    for (std::uint64_t i = 0; i < count; ++i) places.push_back(seed ? scrambled_inverse(i, base, permutations) : radical_inverse(i + 1, base));
    return places;
}

}  // namespace etude
