#include "study/given.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "study/typed.hpp"

namespace etude {
namespace {

/// `end_ratio` of a rate parameter `end`: a number relative to the base.
std::optional<Parameter> ratio_parameter(const Schema& schema, const std::string& key) {
    if (!key.ends_with("_ratio")) return std::nullopt;
    const Parameter* base = find_parameter(schema, key.substr(0, key.size() - 6));
    if (base == nullptr || !base->rate) return std::nullopt;
    return required(real(key, 0, base->range.min >= 0 ? at_least(0) : Interval{}, base->doc));
}

/// A word for what a plugin does not have but other frameworks call so.
std::string foreign_hint(const Plugin& plugin, const Entry& entry) {
    if (plugin.kind == PluginKind::optimizer && entry.key == "decay") {
        const std::string k = entry.value.is_scalar() ? entry.value.text : "0.1";
        return "Keras 2's `decay` is a schedule here: `schedule: {name: inverse_time, k: " + k + "}`";
    }
    if (entry.key == "learning_rate" || entry.key == "eta" || entry.key == "step_size")
        return plugin.kind == PluginKind::optimizer ? "the base rate is `lr`" : "the base rate is the optimizer's `lr`";
    return "";
}

void report_unknown_parameter(const Plugin& plugin, const Entry& entry, const std::vector<std::string>& host_keys, Diagnostics& diagnostics) {
    std::string hint = foreign_hint(plugin, entry);
    if (hint.empty()) {
        std::vector<std::string> known = names_of(plugin.description.schema);
        for (const Parameter& parameter : plugin.description.schema)
            if (parameter.rate) known.push_back(parameter.name + "_ratio");
        known.insert(known.end(), host_keys.begin(), host_keys.end());
        hint = spelling_hint(entry.key, known);
        const bool shows_all = hint.starts_with("one of") && !hint.ends_with("...");
        if (!shows_all) hint += "  `etude describe " + plugin.description.name + "` lists them";
    }
    diagnostics.error(entry.key_place,
                      std::string(kind_word(plugin.kind)) + " '" + plugin.description.name + "' has no parameter '" + entry.key + "'", hint);
}

/// `end` and `end_ratio` are one parameter: an error at the second of them.
bool is_given_twice(const Node& part, const Entry& entry, Diagnostics& diagnostics) {
    if (!entry.key.ends_with("_ratio")) return false;
    const std::string base = entry.key.substr(0, entry.key.size() - 6);
    if (part.find(base) == nullptr) return false;
    diagnostics.error(entry.key_place, "'" + base + "' and '" + entry.key + "' are one parameter; both are given");
    return true;
}

std::optional<GivenValue> read_parameter(const Node& part, const Entry& entry, const Plugin& plugin, const std::vector<std::string>& host_keys,
                                         Diagnostics& diagnostics) {
    const Schema& schema = plugin.description.schema;
    const Parameter* parameter = find_parameter(schema, entry.key);
    const std::optional<Parameter> ratio = parameter == nullptr ? ratio_parameter(schema, entry.key) : std::nullopt;
    if (ratio && is_given_twice(part, entry, diagnostics)) return std::nullopt;
    if (ratio) parameter = &*ratio;
    if (parameter == nullptr) {
        report_unknown_parameter(plugin, entry, host_keys, diagnostics);
        return std::nullopt;
    }
    auto value = read_value(entry.value, *parameter, diagnostics);
    if (!value) return std::nullopt;
    return GivenValue{entry.key, std::move(*value)};
}

}  // namespace

const Plugin* read_plugin(const Node& part, PluginKind kind, Registry& registry, Reading reading, Diagnostics& diagnostics) {
    const Node* name = name_of(part, kind_word(kind), reading, diagnostics);
    if (name == nullptr) return nullptr;
    try {
        return &registry.require(kind, name->text);
    } catch (const Error& failure) {
        diagnostics.error(name->place, failure.what(), failure.hint());
        return nullptr;
    }
}

std::optional<std::string> read_preset(const Node& part, const Plugin& plugin, Diagnostics& diagnostics) {
    const Node* preset = part.find("preset");
    if (preset == nullptr || preset->is_null()) return "";
    if (preset->is_scalar() && plugin.find_preset(preset->text) != nullptr) return preset->text;
    std::vector<std::string> names;
    for (const PresetInfo& info : plugin.presets) names.push_back(info.name);
    const std::string owner = std::string(kind_word(plugin.kind)) + " '" + plugin.description.name + "'";
    const std::string given = preset->is_scalar() ? "'" + preset->text + "'" : "like this: " + kind_name(*preset);
    const std::string hint = names.empty()         ? "it has none"
                             : preset->is_scalar() ? spelling_hint(preset->text, names)
                                                   : "one of: " + join(names, ", ");
    diagnostics.error(preset->place, owner + " has no preset " + given, hint);
    return std::nullopt;
}

std::optional<std::vector<GivenValue>> read_given(const Node& part, const Plugin* plugin, const std::function<bool(const Entry&)>& host_key,
                                                  const std::vector<std::string>& host_keys, Diagnostics& diagnostics) {
    std::vector<GivenValue> given;
    bool good = true;
    for (const Entry& entry : part.entries) {
        if (host_key(entry) || plugin == nullptr) continue;
        auto value = read_parameter(part, entry, *plugin, host_keys, diagnostics);
        if (!value)
            good = false;
        else if (!std::holds_alternative<std::monostate>(value->value))
            given.push_back(std::move(*value));
    }
    return good ? std::optional(std::move(given)) : std::nullopt;
}

bool report_problems(const Node& part, const std::vector<ResolveProblem>& problems, Diagnostics& diagnostics) {
    for (const ResolveProblem& problem : problems) {
        const Node* node = problem.key.empty() ? nullptr : part.find(problem.key);
        diagnostics.error(node == nullptr ? part.place : node->place, problem.message, problem.hint);
    }
    return !problems.empty();
}

}  // namespace etude
