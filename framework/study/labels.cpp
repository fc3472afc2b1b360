#include "study/labels.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

#include "base/rounded.hpp"
#include "base/text.hpp"
#include "study/columns.hpp"

namespace etude {
namespace {

constexpr std::size_t longest_value = 40;  // characters; a longer value is called by its place

/// Ends of paths that are as short as they can be while no two paths share one: "lr", or "0.dense.units".
std::map<std::string, std::string> short_names(const std::vector<std::string>& paths) {
    std::map<std::string, std::string> names;
    for (const std::string& text : paths) {
        const Path path = parse_path(text);
        for (std::size_t length = 1; length <= path.size(); ++length) {
            const Path tail(path.end() - static_cast<std::ptrdiff_t>(length), path.end());
            const auto ends_so = [&](const std::string& other) {
                const Path p = parse_path(other);
                return other != text && p.size() >= length && std::equal(tail.begin(), tail.end(), p.end() - static_cast<std::ptrdiff_t>(length));
            };
            names[text] = path_text(tail);
            if (std::ranges::none_of(paths, ends_so)) break;
        }
    }
    return names;
}

/// "0.1", "5 epochs", "[15, 30]"; a long one becomes "#2", its place counted from 1. Reals are rounded: labels that become equal so are made of
/// the columns instead.
std::string value_label(const Node& leaf, std::size_t place) {
    if (leaf.is_mapping() && leaf.entries.size() == 1 && leaf.entries[0].value.is_scalar())
        return rounded_text(leaf_text(leaf.entries[0].value)) + " " + leaf.entries[0].key;
    const std::string text = rounded_text(leaf_text(leaf));
    return character_count(text) > longest_value ? "#" + std::to_string(place + 1) : text;
}

/// What tells the values of one track apart.
class TrackLabels {
  public:
    TrackLabels(const Track& track, const std::map<std::string, std::string>& names) : track_(track), names_(names) {
        for (const AxisValue& value : track.values) {
            if (!value.given) continue;
            const std::string name = name_of(value.value);
            is_ambiguous_ = is_ambiguous_ || !seen_.insert(name).second;
        }
    }

    std::string of(std::size_t pick) const {
        const AxisValue& value = track_.values[pick];
        if (!value.name.empty()) return value.name;
        const std::string own = names_.at(path_text(track_.path));
        if (value.value.is_null()) return "no " + own;
        const bool is_one_value = !value.value.is_mapping() || leaves_of(value.value, {}).front().empty();
        const bool among_names = std::ranges::any_of(track_.values, [](const AxisValue& v) { return v.value.find("name") != nullptr; });
        if (is_one_value && among_names) return value_label(value.value, pick);
        if (is_one_value) return own + " " + value_label(value.value, pick);
        std::vector<std::string> parts;
        if (const std::string name = name_of(value.value); !name.empty()) parts.push_back(name);
        if (is_ambiguous_ || parts.empty()) add_differences(value.value, pick, parts);
        return parts.empty() ? own + " #" + std::to_string(pick + 1) : join(parts, " ");
    }

  private:
    static std::string name_of(const Node& value) {
        if (value.is_scalar()) return value.text;
        const Node* name = value.find("name");
        return name != nullptr && name->is_scalar() ? name->text : "";
    }

    /// The leaves of this value that some other value of the same name does not have, or has otherwise.
    void add_differences(const Node& value, std::size_t pick, std::vector<std::string>& parts) const {
        for (const Path& leaf : leaves_of(value, {})) {
            if (leaf == Path{"name"}) continue;
            const Node& here = *find_at(value, leaf);
            const auto differs = [&](const AxisValue& other) {
                if (name_of(other.value) != name_of(value)) return false;
                const Node* there = other.value.is_mapping() ? find_at(other.value, leaf) : nullptr;
                return there == nullptr || !same_meaning(here, *there);
            };
            if (std::ranges::any_of(track_.values, differs)) parts.push_back(leaf.back() + " " + value_label(here, pick));
        }
    }

    const Track& track_;
    const std::map<std::string, std::string>& names_;
    std::set<std::string> seen_;
    bool is_ambiguous_ = false;
};

/// What one track adds to the labels, a word for each value.
using TrackWords = std::pair<const Track*, std::vector<std::string>>;

std::vector<std::string> words_of(const Track& track, const std::map<std::string, std::string>& names) {
    const TrackLabels labels(track, names);
    std::vector<std::string> words;
    for (std::size_t pick = 0; pick < track.values.size(); ++pick) words.push_back(track.values[pick].given ? labels.of(pick) : "");
    return words;
}

/// A case is called by its name, else by all that it says; what is drawn by every number drawn.
std::vector<TrackWords> joined_words(const Axis& axis, const std::map<std::string, std::string>& names) {
    std::vector<TrackWords> words;
    for (const Track& track : axis.tracks) {
        const bool is_same = axis.size() > 1 && std::ranges::all_of(track.values, [&](const AxisValue& v) {
            return v.given && same_meaning(v.value, track.values.front().value);
        });
        if (!is_same) words.emplace_back(&track, words_of(track, names));
    }
    for (std::size_t pick = 0; pick < axis.names.size(); ++pick)
        if (!axis.names[pick].empty())
            for (auto& [track, of_track] : words) of_track[pick].clear();
    return words;
}

/// Of a zip, the first track whose values all have labels of their own says enough, one with `as:` names before others; else all of them.
std::vector<TrackWords> axis_labels(const Axis& axis, const std::map<std::string, std::string>& names) {
    if (axis.kind != Axis::Kind::plain) return joined_words(axis, names);
    if (axis.size() == 1) {  // nothing differs within the block; a name that the author gave tells it from other blocks
        for (const Track& track : axis.tracks)
            if (!track.values[0].name.empty()) return {{&track, {track.values[0].name}}};
        return {};
    }
    const auto is_unnamed = [](const Track* track) { return std::ranges::any_of(track->values, [](const AxisValue& v) { return v.name.empty(); }); };
    std::vector<const Track*> tracks;
    for (const Track& track : axis.tracks) tracks.push_back(&track);
    std::ranges::stable_sort(tracks, {}, is_unnamed);
    std::vector<TrackWords> all;
    for (const Track* track : tracks) {
        all.emplace_back(track, words_of(*track, names));
        const auto& own = all.back().second;
        if (std::set<std::string>(own.begin(), own.end()).size() == own.size()) return {std::move(all.back())};
    }
    return all;
}

}  // namespace

Labels::Labels(const Grid& grid) {
    std::vector<std::string> paths;
    for (const Block& block : grid.blocks())
        for (const auto& [axis, track] : block.ordered_tracks())
            if (std::ranges::find(paths, path_text(track->path)) == paths.end()) paths.push_back(path_text(track->path));
    const auto names = short_names(paths);
    for (const Block& block : grid.blocks()) {
        auto& of_block = blocks_.emplace_back();
        for (const Axis& axis : block.axes) of_block.push_back({axis.names, axis.kind == Axis::Kind::plain ? " " : ", ", axis_labels(axis, names)});
    }
}

std::string Labels::of(const Assignment& assignment) const {
    std::vector<std::string> parts;
    for (std::size_t axis = 0; axis < assignment.picks.size(); ++axis) {
        const AxisWords& words = blocks_[assignment.block][axis];
        const std::size_t pick = assignment.picks[axis];
        std::vector<std::string> own;
        if (pick < words.names.size() && !words.names[pick].empty()) own.push_back(words.names[pick]);
        for (const auto& [track, of_track] : words.tracks)
            if (assignment.value(axis, *track) != nullptr && !of_track[pick].empty()) own.push_back(of_track[pick]);
        if (!own.empty()) parts.push_back(join(own, words.separator));
    }
    return join(parts, ", ");
}

void make_distinct(std::vector<Configuration>& configurations, const std::vector<std::string>& columns, const std::string& alone) {
    if (configurations.size() == 1 && configurations[0].label.empty()) configurations[0].label = alone;
    std::map<std::string, std::size_t> uses;
    for (const Configuration& configuration : configurations) ++uses[configuration.label];
    const auto names = short_names(columns);
    const auto from_cells = [&](const Configuration& configuration) {
        std::vector<std::string> parts;
        for (std::size_t column = 0; column < columns.size(); ++column)
            if (!configuration.cells[column].empty()) parts.push_back(names.at(columns[column]) + " " + configuration.cells[column]);
        return parts.empty() ? alone : join(parts, ", ");
    };
    std::set<std::string> taken;
    for (Configuration& configuration : configurations) {
        if (configuration.label.empty() || uses[configuration.label] > 1) configuration.label = from_cells(configuration);
        const std::string label = configuration.label;
        for (std::size_t i = 2; !taken.insert(configuration.label).second; ++i) configuration.label = label + " (" + std::to_string(i) + ")";
    }
}

}  // namespace etude
