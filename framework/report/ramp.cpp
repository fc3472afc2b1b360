#include "report/ramp.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace etude {
namespace {

constexpr std::array<std::uint32_t, 9> ramp{0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725};

}  // namespace

std::uint32_t ramp_color(double share) {
    const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(ramp.size() - 1);
    const auto below = std::min(static_cast<std::size_t>(place), ramp.size() - 2);
    const double rest = place - static_cast<double>(below);
    std::uint32_t mixed = 0;
    for (const int shift : {16, 8, 0}) {
        const double a = (ramp[below] >> shift) & 0xFFU, b = (ramp[below + 1] >> shift) & 0xFFU;
        mixed |= static_cast<std::uint32_t>(std::lround(a + rest * (b - a))) << shift;
    }
    return mixed;
}

}  // namespace etude
