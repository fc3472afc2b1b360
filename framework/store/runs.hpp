// framework/store/runs.hpp - run-length coding of the classes of a decision map: 10,000 cells of a few regions become some hundred bytes.
#pragma once
#include <cstdint>
#include <vector>

namespace etude {

/// Pairs of bytes: a class, and how often it follows itself (0 to 255 times more).
std::vector<std::uint8_t> to_runs(const std::vector<std::uint8_t>& classes);
/// The inverse; a single byte at the end is left out.
std::vector<std::uint8_t> from_runs(const std::vector<std::uint8_t>& runs);

}  // namespace etude
