// framework/study/grid.hpp - the sweep of a study: blocks of axes, and their assignments in a fixed order.
//
// A Grid is lazy: assignment i is a number in mixed radix, worked out when asked for. The order is fixed (blocks as written; in a
// block the first axis slowest), so that index i means the same in `etude plan` and in every report.
// Thread safety: const after construction.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "study/axis.hpp"

namespace etude {

/// `exclude: [{path: value, ...}]`: assignments to leave out.
struct Exclusion {
    std::vector<std::pair<Path, Node>> values;
    Place place;
};

struct Block {
    std::vector<Axis> axes;
    std::vector<Exclusion> exclusions;
    Place place;
    /// The tracks of all axes with the axis they belong to, those of outer paths first: a swept mapping lands before the paths inside it.
    std::vector<std::pair<std::size_t, const Track*>> ordered_tracks() const;
    /// Those with `when`, in the order of the block.
    std::vector<const Track*> conditional_tracks() const;
};

/// A block, and which value each of its axes takes.
struct Assignment {
    std::size_t block = 0;
    std::vector<std::size_t> picks;
    std::vector<const Track*> off = {};  ///< whose condition does not hold
    /// What the track takes; nullptr where it leaves its path alone.
    const AxisValue* value(std::size_t axis, const Track& track) const;
};

inline constexpr std::uint64_t max_trials = 10'000'000;
inline constexpr std::uint64_t max_configurations = 200'000;

class Grid {
  public:
    /// `sweep` may be null: one block without axes. Errors go to `diagnostics`; what was refused is left out.
    static Grid read(const Node* sweep, Diagnostics& diagnostics);

    const std::vector<Block>& blocks() const { return blocks_; }
    /// Number of assignments, those to be left out included; nothing when it is beyond counting.
    std::optional<std::uint64_t> size() const;
    /// Conditions are not looked at.
    Assignment at(std::uint64_t i) const;

  private:
    std::vector<Block> blocks_;
    std::vector<std::uint64_t> sizes_;
};

}  // namespace etude
