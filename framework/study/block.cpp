#include "study/block.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "study/parameters.hpp"

namespace etude {
namespace {

/// Whatever has draws takes its values from the places of `places_of(track number)`.
template <class F>
void fill_drawn(Axis& axis, F&& places_of) {
    for (std::size_t i = 0; i < axis.tracks.size(); ++i) {
        Track& track = axis.tracks[i];
        for (const double place : places_of(i, track)) {
            AxisValue value{track.draw->at(place), ""};
            if (const Node* as = value.value.find("as")) {
                value.name = as->text;
                std::erase_if(value.value.entries, [](const Entry& entry) { return entry.key == "as"; });
            }
            track.values.push_back(std::move(value));
        }
    }
}

class BlockReader {
  public:
    BlockReader(const Node& node, Diagnostics& diagnostics) : node_(node), diagnostics_(diagnostics) { block_.place = node.place; }

    Block read() {
        read_settings();
        for (const Entry& entry : node_.entries) {
            if (entry.key == "zip")
                add_zip(entry.value);
            else if (entry.key == "exclude")
                add_exclusions(entry.value);
            else if (entry.key == "cases")
                add_cases(entry.value);
            else if (entry.key == "halton")
                add_halton(entry);
            else if (entry.key == "parameters")
                for (const Entry& axis : axes_of_parameters(entry.value, method_, diagnostics_)) add_axis(axis);
            else if (!is_setting(entry))
                add_axis(entry);
        }
        finish_draws();
        check_exclusions();
        check_conditions();
        return std::move(block_);
    }

  private:
    void error(const Place& place, std::string message, std::string hint = "") { diagnostics_.error(place, std::move(message), std::move(hint)); }

    bool has_parameters() const { return node_.find("parameters") != nullptr; }

    /// Keys that are no axes: of draws, and what stands beside W&B's parameters.
    bool is_setting(const Entry& entry) {
        if (entry.key == "draws" || entry.key == "seed" || entry.key == "method" || entry.key == "run_cap") return true;
        return has_parameters() && refuse_foreign_block_key(entry, diagnostics_);
    }

    void read_settings() {
        if (const Node* draws = node_.find("draws")) draws_ = read_draws(*draws, "draws", diagnostics_);
        if (const Node* seed = node_.find("seed")) seed_ = read_draw_seed(*seed, diagnostics_);
        const Entry *method = node_.find_entry("method"), *cap = node_.find_entry("run_cap");
        for (const Entry* entry : {method, cap})
            if (entry != nullptr && !has_parameters())
                error(entry->key_place, "'" + entry->key + "' belongs to W&B's `parameters:`, and there are none in this block");
        if (method != nullptr) method_ = read_sweep_method(method->value, diagnostics_).value_or(SweepMethod::as_written);
        if (cap == nullptr) return;
        if (method_ == SweepMethod::grid)
            return error(cap->key_place, "`run_cap` would cut a grid off in its middle", "`budget: {trials: n}` beside `sweep:` does so, seeds last");
        if (draws_) return error(cap->key_place, "`run_cap` and `draws` are one thing", "one of them");
        draws_ = read_draws(cap->value, "run_cap", diagnostics_);
    }

    std::optional<Track> read_new_track(const Entry& entry) {
        auto track = read_track(entry, diagnostics_);
        return track && is_new(entry) ? std::move(track) : std::nullopt;
    }

    bool is_new(const Entry& entry) {
        if (paths_.emplace(entry.key, entry.key_place).second) return true;
        error(entry.key_place, "'" + entry.key + "' is swept twice in this block");
        return false;
    }

    /// What is drawn shares one axis, at the place of the first.
    void add_axis(const Entry& entry) {
        auto track = read_new_track(entry);
        if (!track) return;
        if (!track->draw) return block_.axes.push_back({.kind = Axis::Kind::plain, .tracks = {std::move(*track)}});
        if (!drawn_) drawn_ = block_.axes.size(), block_.axes.push_back({.kind = Axis::Kind::drawn, .tracks = {}});
        block_.axes[*drawn_].tracks.push_back(std::move(*track));
    }

    void finish_draws() {
        for (const char* key : {"draws", "run_cap", "seed"})
            if (const Entry* entry = drawn_ || diagnostics_.has_errors() ? nullptr : node_.find_entry(key))
                diagnostics_.warning(entry->key_place, "'" + entry->key + "' has no effect: nothing in this block is drawn");
        if (!drawn_) return;
        Axis& axis = block_.axes[*drawn_];
        const Track* first = nullptr;
        for (const Track& track : axis.tracks)
            if (track.draw->draws && first == nullptr) first = &track;
        const auto count = draws_ ? draws_ : first != nullptr ? first->draw->draws : std::nullopt;
        if (!count && node_.find("draws") == nullptr && node_.find("run_cap") == nullptr)
            error(axis.tracks.front().draw->place, has_parameters() ? "'run_cap' is missing: how many are drawn?" : "'draws' is missing: how many?",
                  has_parameters() ? "`run_cap: n` beside `parameters:`" : "`{log_uniform: [lo, hi], draws: n}`, or `draws: n` once for the block");
        if (!count) return drop_drawn();
        for (const Track& track : axis.tracks) {
            if (!track.draw->draws || *track.draw->draws == *count) continue;
            const std::string other = draws_ ? "the block" : "'" + path_text(first->path) + "'";
            error(track.draw->draws_place,
                  "'" + path_text(track.path) + "' has " + std::to_string(*track.draw->draws) + " draws, " + other + " has " + std::to_string(*count),
                  "what is drawn in a block is drawn together; a list of values beside it is tried with each draw");
        }
        fill_drawn(axis, [&](std::size_t, const Track& track) {
            return random_places(track.draw->seed.value_or(seed_.value_or(0)), path_text(track.path), *count);
        });
    }

    void drop_drawn() { block_.axes.erase(block_.axes.begin() + static_cast<std::ptrdiff_t>(*drawn_)); }

    void add_zip(const Node& zip) {
        if (zip.is_mapping()) return add_group(zip);
        if (!zip.is_list()) return error(zip.place, "zip is " + kind_name(zip) + ", not a mapping of axes", "`zip: {path: [...], path: [...]}`");
        for (const Node& group : zip.items) {
            if (group.is_mapping())
                add_group(group);
            else
                error(group.place, "a group of zip is " + kind_name(group) + ", not a mapping of axes");
        }
    }

    void add_group(const Node& group) {
        Axis axis;
        bool good = true;
        for (const Entry& entry : group.entries) {
            auto track = read_new_track(entry);
            if (track && track->draw)
                error(entry.key_place, "'" + entry.key + "' is drawn and cannot be zipped", "what is drawn in a block moves together already");
            good = good && track && !track->draw;
            if (track) axis.tracks.push_back(std::move(*track));
        }
        if (group.entries.empty()) error(group.place, "zip has no axes");
        if (!good || axis.tracks.empty()) return;
        for (const Track& track : axis.tracks) {
            if (track.values.size() == axis.size()) continue;
            error(track.key_place,
                  "'" + path_text(track.path) + "' has " + count_of(track) + ", '" + path_text(axis.tracks.front().path) + "' has " +
                      std::to_string(axis.size()),
                  "the axes of a zip move together and have one length");
            good = false;
        }
        if (good) block_.axes.push_back(std::move(axis));
    }

    static std::string count_of(const Track& track) {
        return std::to_string(track.values.size()) + (track.values.size() == 1 ? " value" : " values");
    }

    void add_cases(const Node& cases) {
        static const std::string form = "`cases: [{path: value, path: value}, {path: value}]`";
        if (!cases.is_list()) return error(cases.place, "cases is " + kind_name(cases) + ", not a list of assignments", form);
        if (cases.items.empty()) return error(cases.place, "cases is empty", form);
        Axis axis{.kind = Axis::Kind::cases, .tracks = {}};
        for (const Node& item : cases.items) {
            if (item.is_mapping()) add_case(item, axis);
            else error(item.place, "a case is " + kind_name(item) + ", not `{path: value}`", "`{}` is the case that leaves all as written");
        }
        for (const Track& track : axis.tracks) is_new({path_text(track.path), track.key_place, {}});
        if (axis.tracks.empty() && !diagnostics_.has_errors()) return error(cases.place, "cases names no path", form);
        if (!axis.tracks.empty()) block_.axes.push_back(std::move(axis));
    }

    /// Every track has a value for every case; those that a case does not name are not given.
    void add_case(const Node& item, Axis& axis) {
        const std::size_t place = axis.names.size();
        axis.names.emplace_back();
        for (Track& track : axis.tracks) track.values.push_back({.value = {}, .name = "", .given = false});
        for (const Entry& entry : item.entries) {
            if (entry.key == "as") {
                axis.names.back() = read_as(entry.value, diagnostics_);
                continue;
            }
            auto value = read_case_value(entry, diagnostics_);
            if (!value) continue;
            const Path path = parse_path(entry.key);
            auto track = std::ranges::find(axis.tracks, path, &Track::path);
            if (track == axis.tracks.end()) {
                axis.tracks.push_back({path, entry.key_place, std::vector<AxisValue>(place + 1, AxisValue{.value = {}, .name = "", .given = false})});
                track = axis.tracks.end() - 1;
            }
            track->values.back() = std::move(*value);
        }
    }

    void add_halton(const Entry& halton) {
        static const std::string form = "`halton: {draws: n, seed: s, path: {log_uniform: [lo, hi]}, path: ...}`";
        const Node& node = halton.value;
        if (!node.is_mapping()) return error(node.place, "halton is " + kind_name(node) + ", not a mapping of axes", form);
        const Node *draws = node.find("draws"), *seed = node.find("seed");
        if (draws == nullptr) error(node.place, "'draws' is missing: how many points?", form);
        const auto count = draws == nullptr ? std::nullopt : read_draws(*draws, "draws", diagnostics_);
        const auto scramble = seed == nullptr ? std::optional<std::uint64_t>() : read_draw_seed(*seed, diagnostics_);
        Axis axis{.kind = Axis::Kind::drawn, .tracks = {}};
        for (const Entry& entry : node.entries)
            if (entry.key != "draws" && entry.key != "seed") add_halton_track(entry, axis);
        if (axis.tracks.size() > most_halton_axes)
            return error(node.place, "halton has " + std::to_string(axis.tracks.size()) + " axes, more than " + std::to_string(most_halton_axes),
                         "its points are no longer even in so many dimensions; draw the others beside it");
        if (axis.tracks.empty() && node.entries.size() == static_cast<std::size_t>((draws != nullptr) + (seed != nullptr)))
            return error(node.place, "halton has no axes", form);
        if (!count || axis.tracks.empty()) return;
        fill_drawn(axis, [&](std::size_t i, const Track&) { return halton_places(i, scramble, *count); });
        block_.axes.push_back(std::move(axis));
    }

    void add_halton_track(const Entry& entry, Axis& axis) {
        auto track = read_new_track(entry);
        if (!track) return;
        if (!track->draw)
            error(entry.value.place, "'" + entry.key + "' in halton is not drawn",
                  "`{uniform: [lo, hi]}`, `{log_uniform: [lo, hi]}` or `{choice: [...]}`; a plain axis stands beside `halton:`");
        else if (track->draw->draws || track->draw->seed)
            error(entry.value.place, "'" + entry.key + "' in halton has draws or a seed of its own", "`draws` and `seed` are those of the group");
        else
            axis.tracks.push_back(std::move(*track));
    }

    void add_exclusions(const Node& exclude) {
        if (!exclude.is_list())
            return error(exclude.place, "exclude is " + kind_name(exclude) + ", not a list of assignments",
                         "`exclude: [{path: value, path: value}]`");
        for (const Node& item : exclude.items) {
            if (!item.is_mapping() || item.entries.empty()) {
                error(item.place, "an assignment to exclude is " + (item.is_mapping() ? "empty" : kind_name(item)) + ", not `{path: value}`");
                continue;
            }
            Exclusion exclusion{{}, item.place};
            for (const Entry& entry : item.entries) {
                exclusion.values.emplace_back(parse_path(entry.key), entry.value);
                excluded_keys_.push_back(entry);
            }
            block_.exclusions.push_back(std::move(exclusion));
        }
    }

    /// A path to exclude by must be swept in this block, or lie inside what is.
    void check_exclusions() {
        for (const Entry& entry : excluded_keys_) {
            const Path path = parse_path(entry.key);
            const auto reaches = [&](const Axis& axis) {
                return std::ranges::any_of(axis.tracks, [&](const Track& track) { return contains(track.path, path); });
            };
            if (path.empty() || std::ranges::none_of(block_.axes, reaches))
                error(entry.key_place, "exclude: this block does not sweep '" + entry.key + "'");
        }
    }

    /// Conditions are looked at in the order of the block, so one may only ask for what stands before it.
    void check_conditions() {
        const std::vector<const Track*> conditional = block_.conditional_tracks();
        for (std::size_t i = 0; i < conditional.size(); ++i)
            for (const AxisCondition::Part& part : conditional[i]->when->parts)
                for (std::size_t later = i; later < conditional.size(); ++later) {
                    const Path& path = conditional[later]->path;
                    if (!contains(path, part.path) && !contains(part.path, path)) continue;
                    const std::string name = "'" + path_text(path) + "'";
                    error(part.place,
                          later == i ? "when: " + name + " depends on itself" : "when: " + name + " has a condition of its own and stands below",
                          later == i ? "" : "write it first: conditions are looked at from the top");
                }
    }

    const Node& node_;
    Diagnostics& diagnostics_;
    Block block_;
    SweepMethod method_ = SweepMethod::as_written;
    std::optional<std::size_t> draws_;
    std::optional<std::uint64_t> seed_;
    std::optional<std::size_t> drawn_;  // place of the axis of all that is drawn
    std::map<std::string, Place> paths_;
    std::vector<Entry> excluded_keys_;
};

}  // namespace

Block read_block(const Node& node, Diagnostics& diagnostics) { return BlockReader(node, diagnostics).read(); }

}  // namespace etude
