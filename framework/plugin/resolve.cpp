// Values settle in declared order: what the study gives (as it stands, or `_ratio` times the base), else what the preset changes, else
// the declared default, which may be a multiple of an earlier parameter, settled by then, or of the base rate.
#include "plugin/resolve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plugin/configuration.hpp"

namespace etude {
namespace {

using Problems = std::vector<ResolveProblem>;

const GivenValue* find_given(const std::vector<GivenValue>& given, std::string_view key) {
    const auto found = std::ranges::find(given, key, &GivenValue::key);
    return found == given.end() ? nullptr : &*found;
}

std::string ratio_key(const Parameter& parameter) { return parameter.name + "_ratio"; }

/// Everything that may be written as a key.
std::vector<std::string> keys_of(const Plugin& plugin) {
    std::vector<std::string> keys;
    for (const Parameter& parameter : plugin.description.schema) {
        keys.push_back(parameter.name);
        if (parameter.rate) keys.push_back(ratio_key(parameter));
    }
    return keys;
}

void check_keys(const Plugin& plugin, const std::vector<GivenValue>& given, Problems& problems) {
    const std::vector<std::string> keys = keys_of(plugin);
    for (const GivenValue& value : given) {
        if (std::ranges::find(keys, value.key) != keys.end()) continue;
        std::string hint = keys.empty() ? "it has none" : spelling_hint(value.key, keys);
        if (nearest(value.key, keys)) hint += fmt::format("  `etude describe {}` lists them", plugin.description.name);
        problems.push_back({value.key, fmt::format("{} has no parameter '{}'", title(plugin), value.key), std::move(hint)});
    }
}

const PresetInfo* chosen_preset(const Plugin& plugin, std::string_view name, Problems& problems) {
    if (name.empty()) return nullptr;
    if (const PresetInfo* preset = plugin.find_preset(name)) return preset;
    std::vector<std::string> names;
    for (const PresetInfo& preset : plugin.presets) names.push_back(preset.name);
    problems.push_back(
        {"preset", fmt::format("{} has no preset '{}'", title(plugin), name), names.empty() ? "it has none" : spelling_hint(name, names)});
    return nullptr;
}

Value times(const Value& value, double factor) {
    if (const double* real = std::get_if<double>(&value)) return *real * factor;
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return static_cast<std::int64_t>(std::llround(static_cast<double>(*integer) * factor));
    if (const auto* duration = std::get_if<Duration>(&value)) return Duration{duration->amount * factor, duration->unit};
    std::vector<double> list = std::get<std::vector<double>>(value);
    for (double& element : list) element *= factor;
    return list;
}

/// The number in a fallback that is a multiple of something.
double multiple(const Value& fallback) {
    if (const auto* integer = std::get_if<std::int64_t>(&fallback)) return static_cast<double>(*integer);
    if (const auto* duration = std::get_if<Duration>(&fallback)) return duration->amount;
    return std::get<double>(fallback);
}

/// The declared default, given what is settled before it. monostate: there is none.
Value default_value(const Parameter& parameter, const Values& settled, double base) {
    if (parameter.relative_to.empty()) return parameter.fallback;
    const double factor = multiple(parameter.fallback);
    if (parameter.relative_to == "lr") return base * factor;
    const Value* reference = settled.find(parameter.relative_to);
    ETUDE_ASSERT(reference != nullptr, "'" + parameter.relative_to + "' is not settled before '" + parameter.name + "'");
    return std::holds_alternative<std::monostate>(*reference) ? Value{} : times(*reference, factor);
}

struct Chosen {
    Value value;
    std::string key;  ///< under which it was given, or empty
};

Chosen choose(const Parameter& parameter, const std::vector<GivenValue>& given, const PresetInfo* preset, const Values& settled, double base) {
    if (const GivenValue* absolute = find_given(given, parameter.name)) return {absolute->value, absolute->key};
    if (parameter.rate)
        if (const GivenValue* ratio = find_given(given, ratio_key(parameter))) return {times(ratio->value, base), ratio->key};
    if (preset != nullptr) {
        const Value* value = preset->values.find(parameter.name);
        if (value != nullptr && *value != parameter.fallback) return {*value, "preset"};
    }
    return {default_value(parameter, settled, base), ""};
}

Values settle(const Plugin& plugin, const PresetInfo* preset, double base, const std::vector<GivenValue>& given, Problems& problems) {
    Values values;
    std::set<std::string, std::less<>> outside;  // a multiple of one of these is no problem of its own
    for (const Parameter& parameter : plugin.description.schema) {
        const bool is_given_twice = parameter.rate && find_given(given, parameter.name) && find_given(given, ratio_key(parameter));
        if (is_given_twice)
            problems.push_back({ratio_key(parameter), fmt::format("both '{}' and '{}' are given", parameter.name, ratio_key(parameter)),
                                fmt::format("'{}' is '{}' divided by lr: give one of them", ratio_key(parameter), parameter.name)});
        const Chosen chosen = choose(parameter, given, preset, values, base);
        values.set(parameter.name, chosen.value);
        if (std::holds_alternative<std::monostate>(chosen.value)) {
            if (parameter.required)
                problems.push_back(
                    {"", fmt::format("{} needs '{}'", title(plugin), parameter.name), fmt::format("{}: {}", parameter.name, parameter.doc)});
            continue;
        }
        const auto problem = range_problem(parameter, chosen.value);
        if (!problem) continue;
        if (!chosen.key.empty() || !outside.contains(parameter.relative_to)) problems.push_back({chosen.key, *problem, ""});
        outside.insert(parameter.name);
    }
    return values;
}

/// Lengths in several units can be compared only when the run is known; then the bound schedule does it.
bool has_mixed_units(const Values& values) {
    std::optional<TimeUnit> seen;
    bool mixed = false;
    const auto see = [&](const Duration& duration) {
        mixed = mixed || (seen && *seen != duration.unit);
        seen = duration.unit;
    };
    for (const auto& [name, value] : values.entries()) {
        if (const auto* duration = std::get_if<Duration>(&value)) see(*duration);
        if (const auto* durations = std::get_if<std::vector<Duration>>(&value)) std::ranges::for_each(*durations, see);
    }
    return mixed;
}

/// The plugin's own check(), through `create`. A run of any length will do: lengths of one unit keep their order in every run.
void check_by_plugin(const Plugin& plugin, const Values& values, ScheduleUnit unit, Problems& problems) {
    if (!problems.empty() || has_mixed_units(values)) return;
    try {
        const PluginConfiguration configuration(plugin, values, {unit, 100, 1000});
    } catch (const Error& error) {
        problems.push_back({"", error.what(), error.hint()});
    }
}

double chosen_rate(const Plugin& plugin, const PresetInfo* preset, std::optional<double> lr, Problems& problems) {
    if (lr) {
        if (!(*lr > 0 && std::isfinite(*lr))) problems.push_back({"lr", fmt::format("lr = {} is outside (0, inf)", number(*lr)), ""});
        return *lr;
    }
    if (preset != nullptr && preset->lr > 0) return preset->lr;
    if (plugin.lr > 0) return plugin.lr;
    problems.push_back(
        {"", fmt::format("{} needs 'lr'", title(plugin)),
         preset != nullptr ? fmt::format("its preset '{}' has no rate of its own", preset->name) : "write lr: 0.01, or whatever fits"});
    return 1;  // so that the rest can be checked too
}

bool has_span(const Plugin& plugin) { return std::ranges::any_of(plugin.description.schema, &Parameter::span); }

}  // namespace

Resolution<OptimizerSpec> resolve_optimizer(const Plugin& plugin, std::string_view preset_name, std::optional<double> lr,
                                            const std::vector<GivenValue>& given) {
    Resolution<OptimizerSpec> result;
    check_keys(plugin, given, result.problems);
    const PresetInfo* preset = chosen_preset(plugin, preset_name, result.problems);
    result.spec.name = plugin.description.name;
    result.spec.lr = chosen_rate(plugin, preset, lr, result.problems);
    result.spec.values = settle(plugin, preset, result.spec.lr, given, result.problems);
    check_by_plugin(plugin, result.spec.values, ScheduleUnit::update, result.problems);
    return result;
}

Resolution<ScheduleSpec> resolve_schedule(const Plugin& plugin, std::string_view preset_name, double base_lr, const GivenTime& time,
                                          const std::vector<GivenValue>& given) {
    Resolution<ScheduleSpec> result;
    ScheduleSpec& spec = result.spec;
    check_keys(plugin, given, result.problems);
    const PresetInfo* preset = chosen_preset(plugin, preset_name, result.problems);
    spec.name = plugin.description.name;
    spec.values = settle(plugin, preset, base_lr, given, result.problems);
    spec.unit = time.inherited_unit.value_or(spec.unit);
    if (preset != nullptr && preset->unit > 0) spec.unit = static_cast<ScheduleUnit>(preset->unit - 1);
    if (preset != nullptr && preset->ends > 0) spec.ends = static_cast<Ends>(preset->ends - 1);
    if (preset != nullptr && preset->after > 0) spec.after = static_cast<After>(preset->after - 1);
    spec.unit = time.unit.value_or(spec.unit);
    spec.ends = time.ends.value_or(spec.ends);
    spec.after = time.after.value_or(spec.after);
    if (time.after && *time.after != After::hold && !has_span(plugin))
        result.problems.push_back({"after", fmt::format("{} has no end: after = '{}' does not apply", title(plugin), word(*time.after)),
                                   "only a schedule with a length that is the whole run by default has one"});
    check_by_plugin(plugin, spec.values, spec.unit, result.problems);
    return result;
}

}  // namespace etude
