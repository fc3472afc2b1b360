// The ends of cycles are found in one pass: the update of a jump from falling to rising values, or, where the values turn slowly, the first update
// with the lowest one. The search goes on behind the run until the cycle is over in which it ends.
#include "plugin/cycles.hpp"

#include <algorithm>
#include <cmath>

namespace etude {
namespace {

constexpr std::uint64_t most_updates = 10'000'000;
constexpr std::size_t most_ends = 10'000;
constexpr std::uint64_t at_least_behind = 10'000;  // updates: a short run of cycles that were meant for a long one

/// Fed one value after the other; says where cycles end.
class Turns {
  public:
    /// The update with which a new cycle begins, once that is seen.
    std::optional<std::uint64_t> add(std::uint64_t update, double value) {
        std::optional<std::uint64_t> end;
        if (update > 0 && value != last_) {
            const bool rises = value > last_;
            // A jump is its own end: what it leads to is no part of a slow rise, since the rise is steeper than any fall before it.
            if (rises && falls_) end = value - last_ > 2 * steepest_ ? update : level_since_;
            if (!rises) steepest_ = falls_ ? std::max(steepest_, last_ - value) : last_ - value;
            falls_ = !rises;
            level_since_ = update;
        }
        last_ = value;
        return end;
    }

  private:
    double last_ = 0, steepest_ = 0;
    bool falls_ = false;
    std::uint64_t level_since_ = 0;
};

/// Do lengths grow by one factor, but for the rounding to whole updates?
bool grow_evenly(const std::vector<std::uint64_t>& begins) {
    if (begins.size() < 3) return begins.size() == 2;
    const auto length = [&](std::size_t i) { return static_cast<double>(begins[i + 1] - begins[i]); };
    const double growth = std::max(1.0, length(begins.size() - 2) / length(begins.size() - 3));
    for (std::size_t i = 0; i + 2 < begins.size(); ++i)
        if (std::abs(length(i + 1) - growth * length(i)) > 2 + 1e-3 * length(i + 1)) return false;
    return true;
}

}  // namespace

std::optional<CutCycle> cut_cycle(const std::function<double(std::uint64_t update)>& factor, std::uint64_t updates) {
    if (updates < 4 || updates > most_updates) return std::nullopt;
    std::vector<std::uint64_t> begins = {0};
    Turns turns;
    const std::uint64_t last = updates + std::max(2 * updates, at_least_behind);
    for (std::uint64_t update = 0; update < last && begins.size() < most_ends; ++update) {
        const auto end = turns.add(update, factor(update));
        if (!end || *end <= begins.back()) continue;
        begins.push_back(*end);
        if (*end > updates && begins.size() > 3) break;
    }
    const bool is_cyclic = begins.size() > 2 && grow_evenly(begins);
    if (!is_cyclic || begins.back() <= updates) return std::nullopt;
    const auto next = std::ranges::upper_bound(begins, updates);
    const std::uint64_t begin = *(next - 1);
    // A run may end an update before or behind a turn: where exactly a slow one lies is a matter of `ends`.
    if (updates - begin <= 1 || *next - updates <= 1) return std::nullopt;
    return CutCycle{begin, *next - begin};
}

}  // namespace etude
