// The checks go from what must hold to read on at all (magic, version, sizes) to what the numbers say. The first problem is the answer.
#include "plugin/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/text.hpp"
#include "plugin/spec.hpp"
#include "plugin/table.hpp"

namespace etude {
namespace {

using Problem = std::optional<std::string>;

constexpr std::size_t most_params = 64, most_presets = 64, most_slots = 16, most_scalars = 64, most_doubles = 4096, most_words = 64,
                      most_probes = 10000;
constexpr std::size_t most_self_bytes = 64 * 1024;

// Sizes of minor 0. When a struct grows, its line becomes the offset of the first field that was appended.
constexpr std::size_t table_bytes = sizeof(etude_table), optimizer_bytes = offsetof(etude_optimizer, probe), schedule_bytes = sizeof(etude_schedule);

constexpr std::array<std::string_view, 21> schedule_keys{"name",   "preset",   "lr",          "unit",    "ends",  "after",     "warmup",
                                                         "repeat", "clip",     "sequence",    "product", "monitor", "scale",   "delay",
                                                         "min_of", "max_of",   "quantize",    "switch_when", "seed", "for",    "continuous"};
constexpr std::array<std::string_view, 12> optimizer_keys{"name", "preset",         "lr",       "clip",      "accumulate", "lookahead", "ema",
                                                          "swa",  "polyak_average", "cautious", "centralize", "sam"};

bool is_snake_case(std::string_view name) {
    const auto small = [](char c) { return c >= 'a' && c <= 'z'; };
    return !name.empty() && name.size() <= 64 && small(name[0]) &&
           std::ranges::all_of(name, [&](char c) { return small(c) || (c >= '0' && c <= '9') || c == '_'; });
}

Problem name_problem(std::string_view what, const char* name) {
    if (name == nullptr) return fmt::format("a {} has no name (null)", what);
    if (!is_snake_case(name))
        return fmt::format("{} '{}' is not snake_case: a small letter, then small letters, digits and _, at most 64", what, name);
    return std::nullopt;
}

/// Checks one name and that it is new to `seen`.
Problem new_name_problem(std::string_view what, const char* name, std::set<std::string, std::less<>>& seen) {
    if (auto problem = name_problem(what, name)) return problem;
    if (!seen.insert(name).second) return fmt::format("{} '{}' is declared twice", what, name);
    return std::nullopt;
}

Problem identity_problem(const etude_table& table, std::string_view file) {
    if (table.kind != ETUDE_OPTIMIZER && table.kind != ETUDE_SCHEDULE)
        return fmt::format("kind = {} is neither an optimizer (1) nor a schedule (2)", table.kind);
    if (auto problem = name_problem("plugin", table.name)) return problem;
    if (table.name != file.substr(0, file.rfind('.')))
        return fmt::format("the file is '{}' and the plugin '{}': a file is named after its plugin", file, table.name);
    if (table.summary == nullptr) return "its summary is null";
    if (table.source == nullptr) return "its source is null: write \"\" where there is none";
    if (table.build == nullptr) return "its build is null";
    const bool is_optimizer = table.kind == ETUDE_OPTIMIZER;
    if ((is_optimizer ? static_cast<const void*>(table.optimizer) : table.schedule) == nullptr)
        return fmt::format("{} without its functions: `{}` is null", is_optimizer ? "an optimizer" : "a schedule",
                           is_optimizer ? "optimizer" : "schedule");
    if (table.optimizer != nullptr && table.schedule != nullptr) return "both an optimizer and a schedule: a plugin is one of them";
    if (table.create == nullptr) return "`create` is null";
    if (table.self_size > most_self_bytes)
        return fmt::format("its configuration takes {} bytes, at most {} are allowed", table.self_size, most_self_bytes);
    if (!std::isfinite(table.lr) || table.lr < 0) return fmt::format("lr = {} is outside [0, inf)", number(table.lr));
    return std::nullopt;
}

Problem array_problem(std::string_view what, const void* array, std::size_t count, std::size_t most, std::size_t stride, std::size_t least_stride) {
    if (count == 0) return std::nullopt;
    if (count > most) return fmt::format("{} {}s, at most {} are allowed", count, what, most);
    if (array == nullptr) return fmt::format("{} {}s and no array of them (null)", count, what);
    if (stride < least_stride) return fmt::format("a {} of {} bytes, at least {} are needed", what, stride, least_stride);
    return std::nullopt;
}

Problem words_problem(const etude_param& param) {
    if (param.words == nullptr || param.words[0] == nullptr) return fmt::format("choice '{}' has no words", param.name);
    std::set<std::string, std::less<>> seen;
    for (std::size_t i = 0; param.words[i] != nullptr; ++i) {
        if (i == most_words) return fmt::format("choice '{}' has more than {} words", param.name, most_words);
        if (param.words[i][0] == '\0') return fmt::format("choice '{}' has an empty word", param.name);
        if (!seen.insert(param.words[i]).second) return fmt::format("choice '{}' has the word '{}' twice", param.name, param.words[i]);
    }
    return std::nullopt;
}

/// Can read_value read it?
Problem shape_problem(const etude_param& param, const etude_value& value) {
    const auto unknown_unit = [&](const etude_length& length) -> Problem {
        if (length.unit <= ETUDE_FRACTION) return std::nullopt;
        return fmt::format("{}: unit {} of a length is none of 0 to {}", param.name, length.unit, int{ETUDE_FRACTION});
    };
    switch (param.type) {
        case ETUDE_FLAG:
            if (value.integer != 0 && value.integer != 1) return fmt::format("{} = {} is neither 0 nor 1", param.name, value.integer);
            return std::nullopt;
        case ETUDE_CHOICE: {
            const auto words = static_cast<std::int64_t>(read_names(param.words).size());
            if (value.integer < 0 || value.integer >= words) return fmt::format("{} = {} is none of its {} words", param.name, value.integer, words);
            return std::nullopt;
        }
        case ETUDE_LENGTH:
            return unknown_unit(value.length);
        case ETUDE_REALS:
            if (value.reals.count > 0 && value.reals.data == nullptr)
                return fmt::format("{}: a list of {} that is null", param.name, value.reals.count);
            return std::nullopt;
        case ETUDE_LENGTHS:
            if (value.lengths.count > 0 && value.lengths.data == nullptr)
                return fmt::format("{}: a list of {} that is null", param.name, value.lengths.count);
            for (std::size_t i = 0; i < value.lengths.count; ++i)
                if (auto problem = unknown_unit(value.lengths.data[i])) return problem;
            return std::nullopt;
        case ETUDE_TEXT:
            if (value.text.count > 0 && value.text.data == nullptr)
                return fmt::format("{}: a text of {} bytes that is null", param.name, value.text.count);
            return std::nullopt;
        default:
            return std::nullopt;
    }
}

Problem flags_problem(const etude_param& param, bool of_schedule) {
    constexpr std::uint32_t known = ETUDE_MIN_OPEN | ETUDE_MAX_OPEN | ETUDE_REQUIRED | ETUDE_RATE | ETUDE_SPAN | ETUDE_INCREASING | ETUDE_FILE;
    const bool is_list = param.type == ETUDE_REALS || param.type == ETUDE_LENGTHS;
    if ((param.flags & ~known) != 0)
        return fmt::format("parameter '{}' has a flag that this framework does not know: {:#x}", param.name, param.flags & ~known);
    if ((param.flags & ETUDE_RATE) != 0 && param.type != ETUDE_REAL && param.type != ETUDE_REALS)
        return fmt::format("parameter '{}' is a rate and neither a real nor a list of reals", param.name);
    if ((param.flags & ETUDE_SPAN) != 0 && (param.type != ETUDE_LENGTH || !of_schedule))
        return fmt::format("parameter '{}' is a span and no length of a schedule", param.name);
    if ((param.flags & ETUDE_INCREASING) != 0 && !is_list) return fmt::format("parameter '{}' is increasing and no list", param.name);
    if ((param.flags & ETUDE_FILE) != 0)
        return fmt::format("parameter '{}' names a file, which this framework cannot read for a plugin yet", param.name);
    return std::nullopt;
}

Problem param_problem(const etude_param& param, bool of_schedule) {
    if (param.doc == nullptr) return fmt::format("parameter '{}' has no doc (null)", param.name);
    if (param.type < ETUDE_REAL || param.type > ETUDE_TEXT)
        return fmt::format("parameter '{}' has type {}, which this framework does not know", param.name, param.type);
    if (auto problem = flags_problem(param, of_schedule)) return problem;
    if (param.type == ETUDE_CHOICE)
        if (auto problem = words_problem(param)) return problem;
    if (!(param.min <= param.max))
        return fmt::format("parameter '{}' has an empty range: from {} to {}", param.name, number(param.min), number(param.max));
    if (auto problem = shape_problem(param, param.fallback)) return "a default: " + *problem;
    if ((param.flags & ETUDE_REQUIRED) != 0) {
        if (param.relative_to != nullptr)
            return fmt::format("parameter '{}' is required and has a default, a multiple of '{}'", param.name, param.relative_to);
        return std::nullopt;
    }
    if (param.relative_to != nullptr) return std::nullopt;  // a factor, not a value
    const Parameter parameter = read_parameter(param);
    if (auto problem = range_problem(parameter, parameter.fallback)) return "a default: " + *problem;
    return std::nullopt;
}

Problem relative_problem(const etude_param& param, const std::vector<etude_param>& earlier) {
    if (param.relative_to == nullptr) return std::nullopt;
    const bool scales = param.type == ETUDE_REAL || param.type == ETUDE_INTEGER || param.type == ETUDE_LENGTH;
    if (!scales) return fmt::format("parameter '{}' has a default that is a multiple and is no number", param.name);
    if (std::string_view(param.relative_to) == "lr") {
        if (param.type != ETUDE_REAL) return fmt::format("parameter '{}' is a multiple of the rate and no real", param.name);
        return std::nullopt;
    }
    const auto found = std::ranges::find_if(earlier, [&](const etude_param& p) { return std::string_view(p.name) == param.relative_to; });
    if (found == earlier.end())
        return fmt::format("parameter '{}' is a multiple of '{}', which is not declared before it", param.name, param.relative_to);
    if (found->type != param.type) return fmt::format("parameter '{}' is a multiple of '{}', which has another type", param.name, param.relative_to);
    return std::nullopt;
}

Problem params_problem(const etude_table& table) {
    if (auto problem = array_problem("parameter", table.params, table.n_params, most_params, table.param_size, sizeof(etude_param))) return problem;
    const bool of_schedule = table.kind == ETUDE_SCHEDULE;
    const auto reserved = of_schedule ? std::span<const std::string_view>(schedule_keys) : std::span<const std::string_view>(optimizer_keys);
    std::set<std::string, std::less<>> seen;
    std::vector<etude_param> earlier;
    std::size_t spans = 0;
    for (const etude_param& param : read_params(table)) {
        if (auto problem = new_name_problem("parameter", param.name, seen)) return problem;
        if (std::ranges::find(reserved, param.name) != reserved.end())
            return fmt::format("parameter '{}' has a name that is reserved for the framework", param.name);
        if (auto problem = param_problem(param, of_schedule)) return problem;
        if (auto problem = relative_problem(param, earlier)) return problem;
        if ((param.flags & ETUDE_SPAN) != 0 && ++spans > 1) return fmt::format("parameter '{}' is a second span", param.name);
        earlier.push_back(param);
    }
    for (const etude_param& param : earlier)
        if ((param.flags & ETUDE_RATE) != 0 && seen.contains(std::string(param.name) + "_ratio"))
            return fmt::format("parameter '{0}_ratio' collides with the ratio of the rate '{0}'", param.name);
    return std::nullopt;
}

Problem preset_values_problem(const std::vector<etude_param>& params, const etude_preset& preset) {
    if (!params.empty() && preset.values == nullptr) return fmt::format("preset '{}' has no values (null)", preset.name);
    for (std::size_t i = 0; i < params.size(); ++i) {
        if (auto problem = shape_problem(params[i], preset.values[i])) return fmt::format("preset '{}': {}", preset.name, *problem);
        const Parameter parameter = read_parameter(params[i]);
        const Value value = read_value(params[i], preset.values[i]);
        // What equals the initialiser is left as it is: missing, or a multiple of something.
        const bool is_open = parameter.required || !parameter.relative_to.empty();
        if (is_open && value == read_value(params[i], params[i].fallback)) continue;
        if (auto problem = range_problem(parameter, value)) return fmt::format("preset '{}': {}", preset.name, *problem);
    }
    return std::nullopt;
}

Problem presets_problem(const etude_table& table) {
    if (auto problem = array_problem("preset", table.presets, table.n_presets, most_presets, table.preset_size, sizeof(etude_preset))) return problem;
    const std::vector<etude_param> params = read_params(table);
    std::set<std::string, std::less<>> seen;
    for (const etude_preset& preset : read_presets(table)) {
        if (auto problem = new_name_problem("preset", preset.name, seen)) return problem;
        if (preset.doc == nullptr) return fmt::format("preset '{}' has no doc (null)", preset.name);
        if (!std::isfinite(preset.lr) || preset.lr < 0)
            return fmt::format("preset '{}': lr = {} is outside [0, inf)", preset.name, number(preset.lr));
        const bool sets_time = preset.unit != 0 || preset.ends != 0 || preset.after != 0;
        if (sets_time && table.kind != ETUDE_SCHEDULE)
            return fmt::format("preset '{}' sets unit, ends or after and belongs to no schedule", preset.name);
        if (preset.unit > words_of(ScheduleUnit{}).size() || preset.ends > words_of(Ends{}).size() || preset.after > words_of(After{}).size())
            return fmt::format("preset '{}' sets a unit, ends or after that does not exist: {}, {}, {}", preset.name, preset.unit, preset.ends,
                               preset.after);
        if (auto problem = preset_values_problem(params, preset)) return problem;
    }
    return std::nullopt;
}

Problem scalars_problem(const etude_table& table) {
    if (auto problem = array_problem("scalar", table.scalars, table.n_scalars, most_scalars, table.scalar_size, sizeof(etude_scalar))) return problem;
    std::set<std::string, std::less<>> seen;
    std::size_t doubles = 0;
    for (const etude_scalar& scalar : read_scalars(table)) {
        if (auto problem = new_name_problem("scalar", scalar.name, seen)) return problem;
        if (scalar.count > most_doubles)
            return fmt::format("scalar '{}' has {} elements, at most {} are allowed", scalar.name, scalar.count, most_doubles);
        doubles += std::max<std::size_t>(1, scalar.count);
    }
    if (doubles > most_doubles) return fmt::format("its scalars take {} doubles, at most {} are allowed", doubles, most_doubles);
    return std::nullopt;
}

Problem probe_problem(const etude_optimizer& optimizer) {
    if (optimizer.probe == nullptr) return std::nullopt;
    if (optimizer.max_probes == 0 || optimizer.max_probes > most_probes)
        return fmt::format("it probes, and max_probes = {} is outside [1, {}]", optimizer.max_probes, most_probes);
    constexpr std::uint32_t known = ETUDE_PROBE_LOSS_ALONE;
    if ((optimizer.probe_flags & ~known) != 0)
        return fmt::format("its optimizer has a probe flag that this framework does not know: {:#x}", optimizer.probe_flags & ~known);
    return std::nullopt;
}

Problem optimizer_problem(const etude_table& table) {
    if (table.optimizer->size < optimizer_bytes)
        return fmt::format("its optimizer struct is too short: {} bytes instead of {}", table.optimizer->size, optimizer_bytes);
    const etude_optimizer optimizer = read_optimizer(table);
    constexpr std::uint32_t known = ETUDE_ELEMENTWISE | ETUDE_GLOBAL;
    if ((optimizer.flags & ~known) != 0)
        return fmt::format("its optimizer has a flag that this framework does not know: {:#x}", optimizer.flags & ~known);
    if (optimizer.flags == known) return "its optimizer is both elementwise and global";
    if (optimizer.step[ETUDE_BASE] == nullptr) return "`step` for the baseline is null";
    if (optimizer.slots == nullptr) return "its list of slots is null: write an empty one";
    std::set<std::string, std::less<>> seen;
    for (std::size_t i = 0; optimizer.slots[i] != nullptr; ++i) {
        if (i == most_slots) return fmt::format("more than {} slots", most_slots);
        if (auto problem = new_name_problem("slot", optimizer.slots[i], seen)) return problem;
    }
    return probe_problem(optimizer);
}

Problem schedule_problem(const etude_table& table) {
    if (table.schedule->size < schedule_bytes)
        return fmt::format("its schedule struct is too short: {} bytes instead of {}", table.schedule->size, schedule_bytes);
    if (table.lr != 0) return fmt::format("a schedule with a base rate: lr = {}", number(table.lr));
    if (read_schedule(table).factor == nullptr) return "`factor` is null";
    return std::nullopt;
}

}  // namespace

std::optional<std::string> version_problem(const OpenedTable& opened, std::uint16_t spoken_minor) {
    if (opened.bytes < offsetof(etude_table, kind)) return fmt::format("`etude_plugin` has {} bytes: it is no plugin table", opened.bytes);
    const auto table = read_struct<etude_table>(opened.address, offsetof(etude_table, kind));
    if (table.magic != ETUDE_MAGIC)
        return fmt::format("`etude_plugin` begins with {:#010x}, not with {:#010x}: it is no plugin table", table.magic, ETUDE_MAGIC);
    if (table.major != ETUDE_ABI_MAJOR)
        return fmt::format("built for plugin ABI {}.x; this framework speaks {}.x: build it again", table.major, ETUDE_ABI_MAJOR);
    if (table.minor > spoken_minor)
        return fmt::format("built for plugin ABI {}.{}; this framework speaks {}.{}: update it, or build the plugin with -DETUDE_ABI_MINOR={}",
                           table.major, table.minor, ETUDE_ABI_MAJOR, spoken_minor, spoken_minor);
    if (table.size < table_bytes)
        return fmt::format("its table is too short: {} bytes, plugin ABI {}.{} has {}", table.size, table.major, table.minor, table_bytes);
    if (table.size > opened.bytes) return fmt::format("its table says {} bytes and has {}", table.size, opened.bytes);
    return std::nullopt;
}

std::optional<std::string> table_problem(const OpenedTable& opened, std::string_view file) {
    if (auto problem = version_problem(opened, ETUDE_ABI_MINOR)) return problem;
    const etude_table table = read_table(static_cast<const etude_table*>(opened.address));
    if (auto problem = identity_problem(table, file)) return problem;
    if (auto problem = params_problem(table)) return problem;
    if (auto problem = presets_problem(table)) return problem;
    if (auto problem = scalars_problem(table)) return problem;
    return table.kind == ETUDE_OPTIMIZER ? optimizer_problem(table) : schedule_problem(table);
}

}  // namespace etude
