#include "plugin/table.hpp"

#include <fmt/format.h>

namespace etude {
namespace {

template <class T> std::vector<T> read_array(const void* array, std::size_t count, std::size_t stride) {
    std::vector<T> elements;
    for (std::size_t i = 0; i < count; ++i) elements.push_back(read_element<T>(array, i, stride));
    return elements;
}

Duration read_length(const etude_length& length) { return {length.amount, static_cast<TimeUnit>(length.unit)}; }

ValueType read_type(std::uint32_t type) { return static_cast<ValueType>(type - ETUDE_REAL); }
static_assert(static_cast<int>(ValueType::text) == ETUDE_TEXT - ETUDE_REAL && static_cast<int>(ValueType::duration) == ETUDE_LENGTH - ETUDE_REAL);
static_assert(static_cast<int>(TimeUnit::fraction) == ETUDE_FRACTION && static_cast<int>(TimeUnit::updates) == ETUDE_UPDATES);

/// A preset is a whole configuration: where it has the initialiser of a required parameter, it leaves that parameter to the study.
Value preset_value(const etude_param& param, const etude_value& value) {
    Value read = read_value(param, value);
    const bool is_left_open = (param.flags & ETUDE_REQUIRED) != 0 && read == read_value(param, param.fallback);
    return is_left_open ? Value{} : read;
}

PresetInfo read_preset(const std::vector<etude_param>& params, const etude_preset& preset) {
    PresetInfo info{preset.name, preset.doc, {}, preset.lr, preset.unit, preset.ends, preset.after};
    for (std::size_t i = 0; i < params.size(); ++i) info.values.set(params[i].name, preset_value(params[i], preset.values[i]));
    return info;
}

}  // namespace

etude_table read_table(const etude_table* table) { return read_struct<etude_table>(table, table->size); }
etude_optimizer read_optimizer(const etude_table& table) { return read_struct<etude_optimizer>(table.optimizer, table.optimizer->size); }
etude_schedule read_schedule(const etude_table& table) { return read_struct<etude_schedule>(table.schedule, table.schedule->size); }
std::vector<etude_param> read_params(const etude_table& table) {
    return read_array<etude_param>(table.params, table.n_params, table.param_size);
}
std::vector<etude_preset> read_presets(const etude_table& table) {
    return read_array<etude_preset>(table.presets, table.n_presets, table.preset_size);
}
std::vector<etude_scalar> read_scalars(const etude_table& table) {
    return read_array<etude_scalar>(table.scalars, table.n_scalars, table.scalar_size);
}

std::vector<std::string> read_names(const char* const* list) {
    std::vector<std::string> names;
    for (; list != nullptr && *list != nullptr; ++list) names.emplace_back(*list);
    return names;
}

std::vector<double> initial_scalars(const etude_table& table) {
    std::vector<double> values;
    for (const etude_scalar& scalar : read_scalars(table)) values.insert(values.end(), std::max<std::size_t>(1, scalar.count), scalar.initial);
    return values;
}

Value read_value(const etude_param& param, const etude_value& value) {
    switch (param.type) {
        case ETUDE_REAL: return value.real;
        case ETUDE_INTEGER: return value.integer;
        case ETUDE_FLAG: return value.integer != 0;
        case ETUDE_CHOICE: return std::string(param.words[value.integer]);
        case ETUDE_LENGTH: return read_length(value.length);
        case ETUDE_REALS: return std::vector<double>(value.reals.data, value.reals.data + value.reals.count);
        case ETUDE_LENGTHS: {
            std::vector<Duration> lengths;
            for (std::size_t i = 0; i < value.lengths.count; ++i) lengths.push_back(read_length(value.lengths.data[i]));
            return lengths;
        }
        default: return std::string(value.text.data == nullptr ? "" : value.text.data, value.text.count);
    }
}

Parameter read_parameter(const etude_param& param) {
    Parameter p;
    p.name = param.name;
    p.type = read_type(param.type);
    p.doc = param.doc;
    p.required = (param.flags & ETUDE_REQUIRED) != 0;
    p.rate = (param.flags & ETUDE_RATE) != 0;
    p.span = (param.flags & ETUDE_SPAN) != 0;
    p.increasing = (param.flags & ETUDE_INCREASING) != 0;
    p.relative_to = param.relative_to == nullptr ? "" : param.relative_to;
    if (param.type == ETUDE_CHOICE) p.words = read_names(param.words);
    if (param.type != ETUDE_CHOICE && param.type != ETUDE_FLAG && param.type != ETUDE_TEXT)
        p.range = {param.min, param.max, (param.flags & ETUDE_MIN_OPEN) != 0, (param.flags & ETUDE_MAX_OPEN) != 0};
    if (!p.required) p.fallback = read_value(param, param.fallback);
    return p;
}

Plugin read_plugin(const etude_table* address) {
    const etude_table table = read_table(address);
    const std::vector<etude_param> params = read_params(table);
    Plugin plugin{};
    plugin.kind = table.kind == ETUDE_OPTIMIZER ? PluginKind::optimizer : PluginKind::schedule;
    plugin.description = {table.name, table.summary, table.source, {}};
    for (const etude_param& param : params) plugin.description.schema.push_back(read_parameter(param));
    for (const etude_preset& preset : read_presets(table)) plugin.presets.push_back(read_preset(params, preset));
    plugin.lr = table.lr;
    if (plugin.kind == PluginKind::optimizer) {
        const etude_optimizer optimizer = read_optimizer(table);
        plugin.slots = read_names(optimizer.slots);
        plugin.elementwise = (optimizer.flags & ETUDE_ELEMENTWISE) != 0;
        plugin.global = (optimizer.flags & ETUDE_GLOBAL) != 0;
        plugin.averages = optimizer.evaluation_point != nullptr;
        plugin.probes = optimizer.probe != nullptr;
    } else {
        plugin.observes = read_schedule(table).observe != nullptr;
    }
    plugin.build = fmt::format("{}, plugin ABI {}.{}", table.build, table.major, table.minor);
    plugin.table = address;
    return plugin;
}

}  // namespace etude
