// framework/report/ramp.hpp - the colours of numbers.
#pragma once
#include <cstdint>

namespace etude {

/// 0xRRGGBB of viridis (van der Walt and Smith 2015), which is even to the eye and to the colour-blind: dark at 0, light at 1 and beyond.
std::uint32_t ramp_color(double share);

}  // namespace etude
