// framework/plugin/cycles.hpp - does a schedule go up and down again and again, and where does a run cut it?
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace etude {

/// The cycle in which a run ends, before the cycle does.
struct CutCycle {
    std::uint64_t begin = 0, length = 0;
};

/// Looks at the rates, not at names: whatever falls and then rises ends a cycle there. Cycles are those whose lengths grow by one factor, at least 1,
/// from the first to the last; noise has none. `factor` is asked for updates far behind the run too.
/// Nothing when the run ends with a cycle, when there is none, and for runs of more than ten million updates.
std::optional<CutCycle> cut_cycle(const std::function<double(std::uint64_t update)>& factor, std::uint64_t updates);

}  // namespace etude
