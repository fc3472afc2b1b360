#include "study/parameter_schedules.hpp"

#include "base/text.hpp"
#include "study/typed.hpp"

namespace etude {
namespace {

constexpr std::string_view prefix = "optimizer.";

bool is_mapping(const Node& node, Diagnostics& diagnostics) {
    if (node.is_mapping()) return true;
    diagnostics.error(node.place, "schedules is " + kind_name(node) + ", not a mapping", "`schedules: {optimizer.momentum: {name: linear, end: 0.9}}`");
    return false;
}

/// "momentum" of "optimizer.momentum"; nothing after an error.
std::optional<std::string> parameter_of(const Entry& entry, Diagnostics& diagnostics) {
    const std::string& key = entry.key;
    if (key == "optimizer.lr" || key == "lr") {
        diagnostics.error(entry.key_place, "'" + key + "' has a schedule of its own", "`schedule: {...}` drives the rate");
        return std::nullopt;
    }
    if (key.starts_with(prefix) && key.size() > prefix.size()) return key.substr(prefix.size());
    const bool is_nested = key == "optimizer" && entry.value.is_mapping() && !entry.value.entries.empty();
    diagnostics.error(entry.key_place, "'" + key + "' is not the path of something that can be scheduled",
                      is_nested ? "write the path as one key: `schedules: {optimizer." + entry.value.entries[0].key + ": ...}`"
                                : "`optimizer.` and the name of a real parameter: `optimizer.momentum`");
    return std::nullopt;
}

/// The value that the schedule multiplies; nothing after an error.
std::optional<double> base_of(const Entry& entry, const std::string& name, const OptimizerSpec& optimizer, Registry& registry, Diagnostics& diagnostics) {
    const Schema& schema = registry.require(PluginKind::optimizer, optimizer.name).description.schema;
    const auto fail = [&](const std::string& message, const std::string& hint) {
        diagnostics.error(entry.key_place, message, hint);
        return std::nullopt;
    };
    const Parameter* parameter = find_parameter(schema, name);
    std::vector<std::string> reals;
    for (const Parameter& one : schema)
        if (one.type == ValueType::real) reals.push_back(one.name);
    const std::string choice = reals.empty() ? "it has no real parameter" : spelling_hint(name, reals);
    if (parameter == nullptr) return fail("optimizer '" + optimizer.name + "' has no parameter '" + name + "' to schedule", choice);
    if (parameter->type != ValueType::real)
        return fail("'" + name + "' of optimizer '" + optimizer.name + "' is " + type_name(*parameter) + "; a schedule moves a real number", choice);
    const auto* base = std::get_if<double>(optimizer.values.find(name));
    if (base != nullptr && *base > 0) return *base;
    const std::string what = name + (base == nullptr ? ", which has no value" : " = " + number(*base));
    return fail("a factor cannot move " + what, "the schedule multiplies the value of `optimizer: {" + name + ": ...}`, which must be above 0");
}

}  // namespace

std::optional<std::vector<ParameterSchedule>> read_schedules(const Node& node, const OptimizerSpec& optimizer, const ScheduleContext& context,
                                                             Registry& registry, Diagnostics& diagnostics) {
    std::vector<ParameterSchedule> schedules;
    if (node.is_null()) return schedules;
    if (!is_mapping(node, diagnostics)) return std::nullopt;
    bool good = true;
    for (const Entry& entry : node.entries) {
        if (entry.value.is_null()) continue;
        const auto name = parameter_of(entry, diagnostics);
        const auto base = name ? base_of(entry, *name, optimizer, registry, diagnostics) : std::nullopt;
        ScheduleContext own = context;
        own.base_lr = base.value_or(1);
        auto schedule = base ? read_schedule(entry.value, own, registry, Reading::resolved, diagnostics) : std::nullopt;
        if (schedule)
            schedules.push_back({*name, std::move(*schedule)});
        else
            good = false;
    }
    return good ? std::optional(std::move(schedules)) : std::nullopt;
}

void check_written_schedules(const Node& node, const ScheduleContext& context, Registry& registry, Diagnostics& diagnostics) {
    if (!is_mapping(node, diagnostics)) return;
    for (const Entry& entry : node.entries)
        if (parameter_of(entry, diagnostics) && !entry.value.is_null()) read_schedule(entry.value, context, registry, Reading::as_written, diagnostics);
}

}  // namespace etude
