#include "study/part_trees.hpp"

#include <algorithm>
#include <limits>

namespace etude {
namespace {

constexpr auto untouched = std::numeric_limits<std::size_t>::max();

}  // namespace

const Place& PartTree::place_of_key(std::string_view key) const {
    const Entry* const entry = part == nullptr ? nullptr : part->find_entry(key);
    return entry == nullptr || !touched.empty() ? place : entry->key_place;
}

PartTrees::PartTrees(std::string name, const Node& root, const Grid& grid) : name_(std::move(name)), root_(root) {
    for (const Block& block : grid.blocks()) {
        auto& tracks = tracks_.emplace_back(block.ordered_tracks());
        std::erase_if(tracks, [&](const auto& track) { return track.second->path.front() != name_; });
    }
}

bool PartTrees::is_swept() const {
    return std::ranges::any_of(tracks_, [](const auto& tracks) { return !tracks.empty(); });
}

std::size_t PartTrees::number_of(const Assignment& assignment) {
    std::vector<std::size_t> choices;
    const auto& tracks = tracks_[assignment.block];
    if (!tracks.empty()) choices.push_back(assignment.block);
    for (const auto& [axis, track] : tracks) choices.push_back(assignment.value(axis, *track) != nullptr ? assignment.picks[axis] : untouched);
    const auto [found, is_new] = numbers_.emplace(std::move(choices), trees_.size());
    if (is_new) trees_.push_back(make(assignment));
    return found->second;
}

std::unique_ptr<PartTree> PartTrees::make(const Assignment& assignment) const {
    auto tree = std::make_unique<PartTree>();
    tree->root = mapping_node(root_.place);
    tree->place = root_.place;
    if (const Entry* entry = root_.find_entry(name_)) {
        tree->root.entries.push_back(*entry);
        tree->place = entry->value.place;
    }
    for (const auto& [axis, track] : tracks_[assignment.block]) {
        const AxisValue* const taken = assignment.value(axis, *track);
        if (taken == nullptr) continue;
        const Node& value = taken->value;
        tree->place = value.place;
        tree->touched.emplace_back(track->path, value.place);
        if (auto problem = assign_at(tree->root, track->path, value, track->key_place))
            tree->problems.push_back({track->key_place, std::move(*problem)});
    }
    tree->part = tree->root.find(name_);
    return tree;
}

}  // namespace etude
