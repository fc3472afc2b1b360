// framework/plugin/lockstep.hpp - two pieces of work on two threads, step by step at the same time.
#pragma once
#include <cstdint>
#include <functional>

namespace etude {

/// Calls one(0), one(1), ... one(steps - 1) on this thread and the same of `other` on a second; no thread begins a step before both have ended
/// the one before. The first exception of either ends both and is thrown here.
void run_in_lockstep(std::uint64_t steps, const std::function<void(std::uint64_t)>& one, const std::function<void(std::uint64_t)>& other);

}  // namespace etude
