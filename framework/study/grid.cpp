#include "study/grid.hpp"

#include <algorithm>

#include "study/block.hpp"

namespace etude {
namespace {

std::uint64_t size_of(const Block& block) {
    std::uint64_t size = 1;
    for (const Axis& axis : block.axes) {
        if (size > max_trials) break;  // beyond counting already
        size *= axis.size();
    }
    return size;
}

}  // namespace

std::vector<std::pair<std::size_t, const Track*>> Block::ordered_tracks() const {
    std::vector<std::pair<std::size_t, const Track*>> tracks;
    for (std::size_t i = 0; i < axes.size(); ++i)
        for (const Track& track : axes[i].tracks) tracks.emplace_back(i, &track);
    std::ranges::stable_sort(tracks, {}, [](const auto& track) { return track.second->path.size(); });
    return tracks;
}

std::vector<const Track*> Block::conditional_tracks() const {
    std::vector<const Track*> tracks;
    for (const Axis& axis : axes)
        for (const Track& track : axis.tracks)
            if (track.when) tracks.push_back(&track);
    return tracks;
}

const AxisValue* Assignment::value(std::size_t axis, const Track& track) const {
    const AxisValue& value = track.values[picks[axis]];
    return !value.given || std::ranges::find(off, &track) != off.end() ? nullptr : &value;
}

Grid Grid::read(const Node* sweep, Diagnostics& diagnostics) {
    Grid grid;
    const auto add = [&](const Node& block) {
        if (block.is_mapping())
            grid.blocks_.push_back(read_block(block, diagnostics));
        else
            diagnostics.error(block.place, "a block of sweep is " + kind_name(block) + ", not a mapping of paths to values",
                              "`sweep: {optimizer.lr: [0.1, 0.01]}`");
    };
    if (sweep != nullptr && sweep->is_list())
        std::ranges::for_each(sweep->items, add);
    else if (sweep != nullptr && !sweep->is_null())
        add(*sweep);
    if (grid.blocks_.empty()) grid.blocks_.emplace_back();
    for (const Block& block : grid.blocks_) grid.sizes_.push_back(size_of(block));
    return grid;
}

std::optional<std::uint64_t> Grid::size() const {
    std::uint64_t total = 0;
    for (const std::uint64_t size : sizes_) {
        if (size > max_trials) return std::nullopt;
        total += size;
    }
    return total;
}

Assignment Grid::at(std::uint64_t i) const {
    Assignment assignment;
    while (i >= sizes_[assignment.block]) i -= sizes_[assignment.block++];
    const Block& block = blocks_[assignment.block];
    assignment.picks.resize(block.axes.size());
    for (std::size_t axis = block.axes.size(); axis-- > 0;) {
        assignment.picks[axis] = static_cast<std::size_t>(i % block.axes[axis].size());
        i /= block.axes[axis].size();
    }
    return assignment;
}

}  // namespace etude
