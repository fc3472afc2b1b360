#include "study/grid.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "study/absent.hpp"

namespace etude {
namespace {

/// Reads one block: a mapping of axes with `zip` and `exclude`.
class BlockReader {
  public:
    explicit BlockReader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

    Block read(const Node& node) {
        Block block;
        block.place = node.place;
        for (const Entry& entry : node.entries) {
            if (entry.key == "zip")
                add_zip(entry.value, block);
            else if (entry.key == "exclude")
                add_exclusions(entry.value, block);
            else if (is_absent(Section::block, entry.key))
                diagnostics_.error(entry.key_place, absent_message("'sweep." + entry.key + "'"));
            else if (auto track = read_new_track(entry))
                block.axes.push_back({{std::move(*track)}});
        }
        check_exclusions(block);
        return block;
    }

  private:
    std::optional<Track> read_new_track(const Entry& entry) {
        auto track = read_track(entry, diagnostics_);
        if (track && !paths_.emplace(entry.key, entry.key_place).second) {
            diagnostics_.error(entry.key_place, "'" + entry.key + "' is swept twice in this block");
            return std::nullopt;
        }
        return track;
    }

    void add_zip(const Node& zip, Block& block) {
        if (zip.is_mapping()) return add_group(zip, block);
        if (!zip.is_list())
            return diagnostics_.error(zip.place, "zip is " + kind_name(zip) + ", not a mapping of axes", "`zip: {path: [...], path: [...]}`");
        for (const Node& group : zip.items) {
            if (group.is_mapping())
                add_group(group, block);
            else
                diagnostics_.error(group.place, "a group of zip is " + kind_name(group) + ", not a mapping of axes");
        }
    }

    void add_group(const Node& group, Block& block) {
        Axis axis;
        for (const Entry& entry : group.entries)
            if (auto track = read_new_track(entry)) axis.tracks.push_back(std::move(*track));
        if (group.entries.empty()) diagnostics_.error(group.place, "zip has no axes");
        if (axis.tracks.size() < group.entries.size() || axis.tracks.empty()) return;
        bool good = true;
        for (const Track& track : axis.tracks) {
            if (track.values.size() == axis.size()) continue;
            diagnostics_.error(track.key_place,
                               "'" + path_text(track.path) + "' has " + count_of(track) + ", '" + path_text(axis.tracks.front().path) + "' has " +
                                   std::to_string(axis.size()),
                               "the axes of a zip move together and have one length");
            good = false;
        }
        if (good) block.axes.push_back(std::move(axis));
    }

    static std::string count_of(const Track& track) {
        return std::to_string(track.values.size()) + (track.values.size() == 1 ? " value" : " values");
    }

    void add_exclusions(const Node& exclude, Block& block) {
        if (!exclude.is_list())
            return diagnostics_.error(exclude.place, "exclude is " + kind_name(exclude) + ", not a list of assignments",
                                      "`exclude: [{path: value, path: value}]`");
        for (const Node& item : exclude.items) {
            if (!item.is_mapping() || item.entries.empty()) {
                diagnostics_.error(item.place,
                                   "an assignment to exclude is " + (item.is_mapping() ? "empty" : kind_name(item)) + ", not `{path: value}`");
                continue;
            }
            Exclusion exclusion{{}, item.place};
            for (const Entry& entry : item.entries) {
                exclusion.values.emplace_back(parse_path(entry.key), entry.value);
                excluded_keys_.push_back(entry);
            }
            block.exclusions.push_back(std::move(exclusion));
        }
    }

    /// A path to exclude by must be swept in this block, or lie inside what is.
    void check_exclusions(const Block& block) {
        for (const Entry& entry : excluded_keys_) {
            const Path path = parse_path(entry.key);
            const auto reaches = [&](const Axis& axis) {
                return std::ranges::any_of(axis.tracks, [&](const Track& track) { return contains(track.path, path); });
            };
            if (path.empty() || std::ranges::none_of(block.axes, reaches))
                diagnostics_.error(entry.key_place, "exclude: this block does not sweep '" + entry.key + "'");
        }
    }

    Diagnostics& diagnostics_;
    std::map<std::string, Place> paths_;
    std::vector<Entry> excluded_keys_;
};

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

Grid Grid::read(const Node* sweep, Diagnostics& diagnostics) {
    Grid grid;
    const auto add = [&](const Node& block) {
        if (block.is_mapping())
            grid.blocks_.push_back(BlockReader(diagnostics).read(block));
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
