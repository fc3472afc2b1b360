#include "study/combinators.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "study/typed.hpp"

namespace etude {

std::optional<const Entry*> find_combination(const Node& part, Diagnostics& diagnostics) {
    const Entry* found = nullptr;
    for (const Entry& entry : part.entries) {
        const auto combination = from_word<Combination>(entry.key);
        if (!combination || *combination == Combination::none) continue;
        if (found != nullptr) {
            diagnostics.error(entry.key_place, "a schedule is a '" + found->key + "' or a '" + entry.key + "', not both",
                              "write one inside the other");
            return std::nullopt;
        }
        found = &entry;
    }
    const Entry* name = found == nullptr ? nullptr : part.find_entry("name");
    if (name == nullptr) return found;
    diagnostics.error(name->key_place, "a '" + found->key + "' of schedules has no name of its own", "put the named schedule into its list");
    return std::nullopt;
}

std::optional<Duration> read_duration(const Node& node, const std::string& name, Interval range, Diagnostics& diagnostics) {
    Parameter parameter;
    parameter.name = name;
    parameter.type = ValueType::duration;
    parameter.range = range;
    parameter.required = true;
    const auto value = read_value(node, parameter, diagnostics);
    return value ? std::optional(std::get<Duration>(*value)) : std::nullopt;
}

std::optional<bool> read_flag(const Node& node, const std::string& name, Diagnostics& diagnostics) {
    Parameter parameter;
    parameter.name = name;
    parameter.type = ValueType::flag;
    parameter.required = true;
    const auto value = read_value(node, parameter, diagnostics);
    return value ? std::optional(std::get<bool>(*value)) : std::nullopt;
}

const std::vector<std::string>& ShapingReader::keys() {
    static const std::vector<std::string> names{"repeat", "delay", "quantize", "scale", "clip"};
    return names;
}

void ShapingReader::fail(const Place& place, const std::string& message, const std::string& hint) {
    diagnostics_.error(place, message, hint);
    good_ = false;
}

std::optional<Duration> ShapingReader::duration(const Node& node, const std::string& name, Interval range) {
    const auto value = read_duration(node, name, range, diagnostics_);
    if (!value) good_ = false;
    return value;
}

double ShapingReader::real(const Node& node, const std::string& name, Interval range, double otherwise) {
    const auto value = read_real(node, name, range, diagnostics_);
    if (!value) good_ = false;
    return value.value_or(otherwise);
}

bool ShapingReader::take(const Entry& entry) {
    if (std::ranges::find(keys(), entry.key) == keys().end()) return false;
    const Node& node = entry.value;
    if (node.is_null()) return true;
    if (entry.key == "repeat") take_repeat(node);
    if (entry.key == "clip") take_clip(node);
    if (entry.key == "delay") result_.delay = duration(node, "delay", at_least(0));
    if (entry.key == "quantize") result_.quantize = duration(node, "quantize", above(0));
    if (entry.key == "scale") result_.scale = real(node, "scale", above(0), 1);
    return true;
}

void ShapingReader::take_repeat(const Node& node) {
    static const std::vector<std::string> known{"period", "count", "length_factor", "amplitude_factor", "mirror"};
    if (!node.is_mapping()) return fail(node.place, "repeat is " + kind_name(node) + ", not a mapping", "`repeat: {period: {epochs: 10}}`");
    RepeatSpec repeat;
    for (const Entry& entry : node.entries) {
        const std::string name = "repeat." + entry.key;
        if (entry.key == "period") {
            repeat.period = duration(entry.value, name, above(0)).value_or(Duration{});
        } else if (entry.key == "count") {
            const auto count = read_integer(entry.value, name, closed(1, 1e15), diagnostics_);
            good_ = good_ && count.has_value();
            repeat.count = static_cast<std::uint64_t>(count.value_or(1));
        } else if (entry.key == "length_factor") {
            repeat.length_factor = real(entry.value, name, closed(1, 1e6), 1);
        } else if (entry.key == "amplitude_factor") {
            repeat.amplitude_factor = real(entry.value, name, above(0), 1);
        } else if (entry.key == "mirror") {
            const auto mirror = read_flag(entry.value, name, diagnostics_);
            good_ = good_ && mirror.has_value();
            repeat.mirror = mirror.value_or(false);
        } else {
            report_unknown_key(entry, "repeat", known, diagnostics_);
            good_ = false;
        }
    }
    if (reading_ == Reading::resolved && node.find("period") == nullptr)
        fail(node.place, "'schedule.repeat.period' is missing", "the length of a cycle: `repeat: {period: {epochs: 10}}`");
    result_.repeat = repeat;
}

void ShapingReader::take_clip(const Node& node) {
    static const char* const form = "`clip: [1e-5, 0.1]` or `clip: {min: 1e-5}`: absolute rates";
    RateLimits limits;
    const auto limit = [&](const Node& value, const char* name) { return real(value, name, at_least(0), 0); };
    if (node.is_list() && node.items.size() == 2) {
        limits = {limit(node.items[0], "clip[0]"), limit(node.items[1], "clip[1]")};
    } else if (node.is_mapping() && !node.entries.empty()) {
        for (const Entry& entry : node.entries) {
            if (entry.key == "min")
                limits.min = limit(entry.value, "clip.min");
            else if (entry.key == "max")
                limits.max = limit(entry.value, "clip.max");
            else
                report_unknown_key(entry, "clip", {"min", "max"}, diagnostics_), good_ = false;
        }
    } else {
        const std::string what = node.is_list() ? "a list of " + std::to_string(node.items.size()) : kind_name(node);
        return fail(node.place, "clip is " + (node.is_mapping() ? "empty" : what) + ", not two limits", form);
    }
    if (good_ && limits.max && *limits.max < limits.min)
        fail(node.place, "clip: the upper limit " + number(*limits.max) + " lies below the lower one, " + number(limits.min), form);
    result_.clip = limits;
}

}  // namespace etude
