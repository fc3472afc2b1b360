#include "study/axis.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "study/absent.hpp"
#include "study/typed.hpp"

namespace etude {
namespace {

const std::vector<std::string>& sweepable_parts() {
    static const std::vector<std::string> parts{"data",     "model",     "loss",   "train",      "optimizer",
                                                "schedule", "schedules", "groups", "divergence", "record"};
    return parts;
}

double rounded(double value) {
    std::array<char, 32> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general, 12).ptr;
    double result = value;
    std::from_chars(buffer.data(), end, result);
    return result;
}

std::optional<Spacing> spacing_of(const std::string& key) {
    if (key == "linear") return Spacing::linear;
    if (key == "log") return Spacing::log;
    if (key == "one_minus_log") return Spacing::one_minus_log;
    return std::nullopt;
}

/// The two bounds of a spacing; nothing after an error.
std::optional<std::pair<double, double>> read_bounds(const Entry& rule, Spacing spacing, Diagnostics& diagnostics) {
    const Node& node = rule.value;
    if (!node.is_list() || node.items.size() != 2) {
        diagnostics.error(
            node.place,
            rule.key + " is " + (node.is_list() ? "a list of " + std::to_string(node.items.size()) : kind_name(node)) + ", not two bounds",
            "`{" + rule.key + ": [lo, hi], points: n}`");
        return std::nullopt;
    }
    const Interval range = spacing == Spacing::linear ? Interval{-unbounded, unbounded, true, true}
                           : spacing == Spacing::log  ? above(0)
                                                      : Interval{-unbounded, 1, true, true};
    const auto lo = read_real(node.items[0], rule.key + "[0]", range, diagnostics);
    const auto hi = read_real(node.items[1], rule.key + "[1]", range, diagnostics);
    if (!lo || !hi) return std::nullopt;
    return std::pair(*lo, *hi);
}

/// The values of `{log: [lo, hi], points: n}`, placed at the rule.
std::optional<std::vector<Node>> read_spacing(const Node& mapping, const Entry& rule, Diagnostics& diagnostics) {
    const Spacing spacing = *spacing_of(rule.key);
    bool good = true;
    for (const Entry& entry : mapping.entries)
        if (&entry != &rule && entry.key != "points")
            report_unknown_key(entry, "an axis of " + rule.key, {rule.key, "points"}, diagnostics), good = false;
    const auto bounds = read_bounds(rule, spacing, diagnostics);
    const Node* points = mapping.find("points");
    if (points == nullptr) diagnostics.error(mapping.place, "'points' is missing", "`{" + rule.key + ": [lo, hi], points: n}`");
    const auto count = points == nullptr ? std::nullopt : read_integer(*points, "points", closed(2, 1e6), diagnostics);
    if (!good || !bounds || !count) return std::nullopt;
    std::vector<Node> values;
    for (const double value : spaced(spacing, bounds->first, bounds->second, static_cast<std::size_t>(*count)))
        values.push_back(scalar_node(number(value), false, rule.value.place));
    return values;
}

std::optional<std::vector<Node>> read_values(const Entry& axis, Diagnostics& diagnostics) {
    static const std::string form = "a list of values, `{log: [lo, hi], points: n}`, `{linear: ...}`, `{one_minus_log: ...}` or `{values: [...]}`";
    const Node& node = axis.value;
    if (node.is_list()) return node.items;
    if (node.is_mapping())
        for (const Entry& entry : node.entries) {
            if (is_absent(Section::axis, entry.key)) {
                diagnostics.error(entry.key_place, absent_message("'" + entry.key + "' of a sweep"));
                return std::nullopt;
            }
            if (spacing_of(entry.key)) return read_spacing(node, entry, diagnostics);
            if (entry.key == "values" && entry.value.is_list() && node.entries.size() == 1) return entry.value.items;
        }
    diagnostics.error(node.place, "the axis '" + axis.key + "' is " + kind_name(node) + ", not values to sweep", form);
    return std::nullopt;
}

/// Only what decides a trial's numbers can be swept.
bool is_sweepable(const Path& path, const Entry& axis, Diagnostics& diagnostics) {
    if (path.empty()) {
        diagnostics.error(axis.key_place, "'" + axis.key + "' is no path", "a path joins keys with dots: `optimizer.lr`");
        return false;
    }
    if (std::ranges::find(sweepable_parts(), path.front()) != sweepable_parts().end()) return true;
    if (path.front() == "seeds")
        diagnostics.error(axis.key_place, "'seeds' cannot be swept", "seeds are an axis already, the fastest: `seeds: 10`");
    else if (is_absent(Section::study, path.front()))
        diagnostics.error(axis.key_place, absent_message("'" + path.front() + "'"));
    else
        diagnostics.error(axis.key_place, "'" + axis.key + "' cannot be swept", spelling_hint(path.front(), sweepable_parts()));
    return false;
}

/// Takes `as: NAME` out of a swept mapping.
AxisValue read_axis_value(Node value, Diagnostics& diagnostics) {
    AxisValue result{std::move(value), ""};
    if (const Node* as = result.value.find("as")) {
        if (as->is_scalar() && !as->text.empty())
            result.name = as->text;
        else
            diagnostics.error(as->place, "as is " + kind_name(*as) + ", not a name");
        std::erase_if(result.value.entries, [](const Entry& entry) { return entry.key == "as"; });
    }
    return result;
}

}  // namespace

std::vector<double> spaced(Spacing spacing, double lo, double hi, std::size_t count) {
    std::vector<double> values{lo};
    for (std::size_t i = 1; i + 1 < count; ++i) {
        const double t = static_cast<double>(i) / static_cast<double>(count - 1);
        if (spacing == Spacing::linear)
            values.push_back(rounded(lo + (hi - lo) * t));
        else if (spacing == Spacing::log)
            values.push_back(rounded(lo * std::pow(hi / lo, t)));
        else
            values.push_back(rounded(1 - (1 - lo) * std::pow((1 - hi) / (1 - lo), t)));
    }
    values.push_back(hi);
    return values;
}

std::optional<Track> read_track(const Entry& entry, Diagnostics& diagnostics) {
    Track track{parse_path(entry.key), entry.key_place, {}};
    const bool good = is_sweepable(track.path, entry, diagnostics);
    auto values = read_values(entry, diagnostics);
    if (!values || !good) return std::nullopt;
    if (values->empty()) {
        diagnostics.error(entry.value.place, "the axis '" + entry.key + "' has no values");
        return std::nullopt;
    }
    for (Node& value : *values) track.values.push_back(read_axis_value(std::move(value), diagnostics));
    return track;
}

}  // namespace etude
