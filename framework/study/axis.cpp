#include "study/axis.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "study/axis_forms.hpp"
#include "study/foreign.hpp"
#include "study/limits.hpp"
#include "study/typed.hpp"

namespace etude {
namespace {

const std::vector<std::string>& sweepable_parts() {
    static const std::vector<std::string> parts{"data",     "model",     "loss",   "train",      "optimizer",
                                                "schedule", "schedules", "groups", "divergence", "record", "early_stop"};
    return parts;
}

constexpr const char* how_many = "`draws: n` says how many are drawn";

/// What stands elsewhere: below a part of a study, beside `sweep:`, or at an axis.
constexpr std::array misplaced{ForeignKey{"lr", "the rate is `optimizer.lr`"},
                               ForeignKey{"learning_rate", "the rate is `optimizer.lr`"},
                               ForeignKey{"momentum", "an optimizer's parameter: `optimizer.momentum`"},
                               ForeignKey{"weight_decay", "an optimizer's parameter: `optimizer.weight_decay`"},
                               ForeignKey{"batch", "`train.batch`"},
                               ForeignKey{"batch_size", "`train.batch`"},
                               ForeignKey{"epochs", "`train.epochs`"},
                               ForeignKey{"when", "`when` stands beside the values of an axis: `path: {values: [...], when: {path: value}}`"},
                               ForeignKey{"n", how_many},
                               ForeignKey{"points", how_many},
                               ForeignKey{"samples", how_many},
                               ForeignKey{"num_samples", how_many},
                               ForeignKey{"count", how_many},
                               ForeignKey{"trials", how_many}};

std::string placing_hint(const std::string& part) {
    if (const ForeignKey* found = find_foreign(misplaced, part)) return found->hint;
    if (is_limit(part)) return "it is about all configurations together, not a part of one";
    return spelling_hint(part, sweepable_parts());
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
    else
        diagnostics.error(axis.key_place, "'" + axis.key + "' cannot be swept", placing_hint(path.front()));
    return false;
}

/// Takes `as: NAME` out of a swept mapping.
AxisValue read_axis_value(Node value, Diagnostics& diagnostics) {
    AxisValue result{std::move(value), ""};
    if (const Node* as = result.value.find("as")) {
        result.name = read_as(*as, diagnostics);
        std::erase_if(result.value.entries, [](const Entry& entry) { return entry.key == "as"; });
    }
    return result;
}

/// Fills values or draw of `track` from what stands at the axis, `when` taken out; false after an error.
bool read_values(const Entry& axis, const Node& node, Track& track, Diagnostics& diagnostics) {
    static const std::string form = "a list of values, `{log: [lo, hi], points: n}`, `{log_uniform: [lo, hi], draws: n}` or `{values: [...]}`";
    const auto take = [&](std::optional<std::vector<Node>> values) {
        if (!values) return false;
        if (values->empty()) diagnostics.error(axis.value.place, "the axis '" + axis.key + "' has no values");
        for (Node& value : *values) track.values.push_back(read_axis_value(std::move(value), diagnostics));
        return !values->empty();
    };
    if (node.is_list()) return take(node.items);
    for (const Entry& entry : node.entries)
        if (const std::string hint = foreign_form_hint(entry.key); !hint.empty()) {
            diagnostics.error(entry.key_place, "an axis has no key '" + entry.key + "'", hint);
            return false;
        }
    for (const Entry& entry : node.entries) {
        if (is_spacing(entry.key)) return take(read_spacing(node, entry, diagnostics));
        if (is_draw(entry.key)) return (track.draw = read_draw(node, entry, diagnostics)).has_value();
        if (entry.key != "values" || node.entries.size() != 1) continue;
        if (entry.value.is_list()) return take(entry.value.items);
        diagnostics.error(entry.value.place, "values of '" + axis.key + "' is " + kind_name(entry.value) + ", not a list",
                          "one value is a list of one: `[" + flow_text(entry.value) + "]`");
        return false;
    }
    const auto is_form = [](const Entry& entry) { return std::ranges::find(axis_form_names(), entry.key) != axis_form_names().end(); };
    const auto stranger = std::ranges::find_if_not(node.entries, is_form);
    const bool has_one = stranger != node.entries.end(), is_part = axis.key.find('.') == std::string::npos;
    if (has_one && (node.find("values") != nullptr || nearest(stranger->key, axis_form_names()))) {
        report_unknown_key(*stranger, "an axis", axis_form_names(), diagnostics);
        return false;
    }
    diagnostics.error(node.place, "the axis '" + axis.key + "' is " + kind_name(node) + ", not values to sweep",
                      is_part && has_one ? "a path joins keys with dots: `" + axis.key + "." + stranger->key + ": [...]`" : form);
    return false;
}

}  // namespace

std::vector<double> spaced(Spacing spacing, double lo, double hi, std::size_t count) {
    std::vector<double> values{lo};
    for (std::size_t i = 1; i + 1 < count; ++i) {
        const double t = static_cast<double>(i) / static_cast<double>(count - 1);
        if (spacing == Spacing::linear)
            values.push_back(rounded_value(lo + (hi - lo) * t));
        else if (spacing == Spacing::log)
            values.push_back(rounded_value(lo * std::pow(hi / lo, t)));
        else
            values.push_back(rounded_value(1 - (1 - lo) * std::pow((1 - hi) / (1 - lo), t)));
    }
    values.push_back(hi);
    return values;
}

std::string read_as(const Node& node, Diagnostics& diagnostics) {
    if (node.is_scalar() && !node.text.empty()) return node.text;
    diagnostics.error(node.place, "as is " + kind_name(node) + ", not a name");
    return "";
}

std::optional<AxisValue> read_case_value(const Entry& entry, Diagnostics& diagnostics) {
    if (!is_sweepable(parse_path(entry.key), entry, diagnostics)) return std::nullopt;
    return read_axis_value(entry.value, diagnostics);
}

std::optional<Track> read_track(const Entry& entry, Diagnostics& diagnostics) {
    Track track{parse_path(entry.key), entry.key_place, {}};
    if (!is_sweepable(track.path, entry, diagnostics)) return std::nullopt;
    bool good = true;
    Node form = entry.value;
    if (const Node* when = form.find("when")) {
        track.when = read_condition(*when, diagnostics);
        good = track.when.has_value();
        std::erase_if(form.entries, [](const Entry& e) { return e.key == "when"; });
    }
    if (!read_values(entry, form, track, diagnostics) || !good) return std::nullopt;
    return track;
}

}  // namespace etude
