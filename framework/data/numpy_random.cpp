#include "data/numpy_random.hpp"

#include <bit>
#include <cmath>
#include <utility>

namespace etude {

NumpyRandom::NumpyRandom(std::uint32_t seed) {
    for (std::uint32_t i = 0; i < length; ++i) {
        state_[i] = seed;
        seed = 1812433253u * (seed ^ (seed >> 30)) + i + 1;
    }
}

void NumpyRandom::refill() {
    constexpr std::size_t shift = 397;
    for (std::size_t i = 0; i < length; ++i) {
        const std::uint32_t joined = (state_[i] & 0x80000000u) | (state_[(i + 1) % length] & 0x7fffffffu);
        const std::uint32_t twist = (joined & 1u) != 0 ? 0x9908b0dfu : 0u;
        state_[i] = state_[(i + shift) % length] ^ (joined >> 1) ^ twist;
    }
    used_ = 0;
}

std::uint32_t NumpyRandom::bits() {
    if (used_ == length) refill();
    std::uint32_t y = state_[used_++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
}

double NumpyRandom::uniform() {
    const double high = bits() >> 5, low = bits() >> 6;  // 27 and 26 bits
    return (high * 0x1p26 + low) / 0x1p53;
}

double NumpyRandom::normal() {
    if (has_spare_) {
        has_spare_ = false;
        return spare_;
    }
    for (;;) {
        const double x = 2.0 * uniform() - 1.0;
        const double y = 2.0 * uniform() - 1.0;
        const double square = x * x + y * y;
        if (square >= 1.0 || square == 0.0) continue;
        const double factor = std::sqrt(-2.0 * std::log(square) / square);
        spare_ = factor * x;
        has_spare_ = true;
        return factor * y;  // the second coordinate comes first
    }
}

std::uint32_t NumpyRandom::up_to(std::uint32_t last) {
    if (last == 0) return 0;  // takes nothing from the stream
    const std::uint32_t mask = 0xffffffffu >> std::countl_zero(last);
    for (;;)
        if (const std::uint32_t value = bits() & mask; value <= last) return value;
}

void NumpyRandom::shuffle(std::span<std::uint32_t> values) {
    for (std::size_t i = values.size(); i-- > 1;) std::swap(values[i], values[up_to(static_cast<std::uint32_t>(i))]);
}

}  // namespace etude
