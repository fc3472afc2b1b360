// tests/plugin/shipped.hpp - the shipped plugins, and metrics that nobody has measured yet.
#pragma once
#include <limits>

#include "fixtures.hpp"

namespace etude::test {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline constexpr Metrics unknown{nan, nan, nan, nan, nan, nan};

inline Registry& shipped() {
    static Registry registry = Registry::scan({ETUDE_BINARY_DIR "/plugins"});
    return registry;
}

}  // namespace etude::test
