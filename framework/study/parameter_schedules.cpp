#include "study/parameter_schedules.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "study/typed.hpp"

namespace etude {
namespace {

constexpr std::string_view prefix = "optimizer.", batch_path = "train.batch";

bool is_mapping(const Node& node, Diagnostics& diagnostics) {
    if (node.is_mapping()) return true;
    diagnostics.error(node.place, "schedules is " + kind_name(node) + ", not a mapping",
                      "`schedules: {optimizer.momentum: {name: linear, end: 0.9}}`");
    return false;
}

/// "momentum" of "optimizer.momentum", "" of "train.batch"; nothing after an error.
std::optional<std::string> parameter_of(const Entry& entry, Diagnostics& diagnostics) {
    const std::string& key = entry.key;
    if (key == batch_path) return "";
    if (key == "optimizer.lr" || key == "lr") {
        diagnostics.error(entry.key_place, "'" + key + "' has a schedule of its own", "`schedule: {...}` drives the rate");
        return std::nullopt;
    }
    if (key.starts_with(prefix) && key.size() > prefix.size()) return key.substr(prefix.size());
    if (key == "train" && entry.value.find("batch") != nullptr) {
        diagnostics.error(entry.key_place, "'train' is not the path of something that can be scheduled",
                          "write the path as one key: `schedules: {train.batch: ...}`");
        return std::nullopt;
    }
    const bool is_nested = key == "optimizer" && entry.value.is_mapping() && !entry.value.entries.empty();
    diagnostics.error(entry.key_place, "'" + key + "' is not the path of something that can be scheduled",
                      is_nested ? "write the path as one key: `schedules: {optimizer." + entry.value.entries[0].key + ": ...}`"
                                : "`optimizer.` and the name of a real parameter (`optimizer.momentum`), or `train.batch`");
    return std::nullopt;
}

/// The value that the schedule multiplies; nothing after an error.
std::optional<double> base_of(const Entry& entry, const std::string& name, const OptimizerSpec& optimizer, Registry& registry,
                              Diagnostics& diagnostics) {
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

/// Does a length of it count updates?
bool counts_updates(const ScheduleSpec& spec) {
    const auto is_in_updates = [](const Duration& duration) { return duration.unit == TimeUnit::updates; };
    const auto has = [&](const std::optional<Duration>& duration) { return duration && is_in_updates(*duration); };
    const ShapingSpec& shaping = spec.shaping;
    if (has(spec.lasts) || has(shaping.delay) || has(shaping.quantize)) return true;
    if ((spec.warmup && is_in_updates(spec.warmup->length)) || (shaping.repeat && is_in_updates(shaping.repeat->period))) return true;
    for (const auto& [name, value] : spec.values.entries()) {
        const auto* one = std::get_if<Duration>(&value);
        const auto* list = std::get_if<std::vector<Duration>>(&value);
        if ((one != nullptr && is_in_updates(*one)) || (list != nullptr && std::ranges::any_of(*list, is_in_updates))) return true;
    }
    return std::ranges::any_of(spec.children, counts_updates);
}

bool has_unit(const ScheduleSpec& spec, ScheduleUnit unit) {
    return (spec.combination == Combination::none && spec.unit == unit) ||
           std::ranges::any_of(spec.children, [unit](const ScheduleSpec& child) { return has_unit(child, unit); });
}

/// A batch is chosen before the run, once for each epoch.
std::optional<ScheduleSpec> read_batch_schedule(const Entry& entry, const TrainSpec& train, ScheduleContext context, Registry& registry,
                                                Diagnostics& diagnostics) {
    context.base_lr = static_cast<double>(train.batch);
    context.unit = ScheduleUnit::epoch;
    auto spec = read_schedule(entry.value, context, registry, Reading::resolved, diagnostics);
    if (!spec) return std::nullopt;
    const std::string epochs = "the batch is chosen once an epoch";
    std::optional<std::string> problem, hint;
    if (spec->monitor)
        problem = "a schedule of train.batch cannot watch " + spec->monitor->metric, hint = "the updates of a run are counted before it begins";
    else if (has_unit(*spec, ScheduleUnit::update))
        problem = "a schedule of train.batch has no `unit: update`", hint = epochs + ": `unit: epoch`, which is the default here";
    else if (counts_updates(*spec))
        problem = "a length of a schedule of train.batch counts updates",
        hint = epochs + ": {epochs: 5}, {fraction: 0.5}, or a bare number of epochs";
    if (!problem) return spec;
    diagnostics.error(entry.key_place, *problem, *hint);
    return std::nullopt;
}

}  // namespace

std::optional<OtherSchedules> read_schedules(const Node& node, const OptimizerSpec& optimizer, const TrainSpec& train, const ScheduleContext& context,
                                             Registry& registry, Diagnostics& diagnostics) {
    OtherSchedules schedules;
    if (node.is_null()) return schedules;
    if (!is_mapping(node, diagnostics)) return std::nullopt;
    bool good = true;
    for (const Entry& entry : node.entries) {
        if (entry.value.is_null()) continue;
        const auto name = parameter_of(entry, diagnostics);
        if (name && name->empty()) {
            schedules.batch = read_batch_schedule(entry, train, context, registry, diagnostics);
            good = good && schedules.batch;
            continue;
        }
        const auto base = name ? base_of(entry, *name, optimizer, registry, diagnostics) : std::nullopt;
        ScheduleContext own = context;
        own.base_lr = base.value_or(1);
        auto schedule = base ? read_schedule(entry.value, own, registry, Reading::resolved, diagnostics) : std::nullopt;
        if (schedule)
            schedules.parameters.push_back({*name, std::move(*schedule)});
        else
            good = false;
    }
    return good ? std::optional(std::move(schedules)) : std::nullopt;
}

void check_written_schedules(const Node& node, const ScheduleContext& context, Registry& registry, Diagnostics& diagnostics) {
    if (!is_mapping(node, diagnostics)) return;
    for (const Entry& entry : node.entries)
        if (parameter_of(entry, diagnostics) && !entry.value.is_null())
            read_schedule(entry.value, context, registry, Reading::as_written, diagnostics);
}

}  // namespace etude
