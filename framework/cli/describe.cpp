// `etude describe NAME`: source, parameters with ranges and defaults, presets, state.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/rate_preview.hpp"
#include "cli/terminal_plot.hpp"
#include "layers/catalogue.hpp"
#include "plugin/aliases.hpp"
#include "plugin/spec.hpp"
#include "wrappers/kinds.hpp"

namespace etude::cli {
namespace {

std::string type_text(const Parameter& p) {
    switch (p.type) {
        case ValueType::real: return p.rate ? "rate" : "real";
        case ValueType::integer: return p.words.empty() ? "integer" : "integer or " + join(p.words, ", ");
        case ValueType::flag: return "flag";
        case ValueType::choice: return "choice";
        case ValueType::duration: return "length";
        case ValueType::reals: return p.rate ? "list of rates" : "list of reals";
        case ValueType::durations: return "list of lengths";
        case ValueType::text: return "text";
    }
    return "";
}

std::string default_text(const Parameter& p) {
    if (p.required) return "required";
    if (std::holds_alternative<std::monostate>(p.fallback)) return "none";
    if (p.span && value_text(p.fallback) == "{fraction: 1}") return "the whole run";
    if (!p.relative_to.empty()) return value_text(p.fallback) + " x " + p.relative_to;
    return value_text(p.fallback);
}

std::string range_text(const Parameter& p) {
    if (p.type == ValueType::choice) return join(p.words, " | ");
    const bool has_range = p.type != ValueType::flag && p.type != ValueType::text && (p.range.min != -unbounded || p.range.max != unbounded);
    return has_range ? p.range.text() : "";
}

void print_parameters(const Schema& schema) {
    if (schema.empty()) return;
    std::vector<std::array<std::string, 5>> rows = {{"parameter", "type", "default", "range", "meaning"}};
    for (const Parameter& p : schema)
        rows.push_back({p.name, type_text(p), default_text(p), range_text(p),
                        p.doc + (p.rate ? " Also `" + p.name + "_ratio`, times the base rate." : "")});
    std::array<std::size_t, 4> widths{};
    for (const auto& row : rows)
        for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    fmt::print("\n");
    for (const auto& row : rows)
        fmt::print("  {:{}}  {:{}}  {:{}}  {:{}}  {}\n", row[0], widths[0], row[1], widths[1], row[2], widths[2], row[3], widths[3], row[4]);
}

void print_heading(const Kind& kind, const std::string& what) {
    fmt::print("{} ({})\n  {}\n", kind.name, what, kind.summary);
    if (!kind.source.empty()) fmt::print("  source: {}\n", kind.source);
}

/// What a preset gives beyond the defaults, and its base rate.
std::string preset_text(const Plugin& plugin, const PresetInfo& preset) {
    std::vector<std::string> parts;
    if (preset.lr > 0) parts.push_back("lr: " + number(preset.lr));
    for (const Parameter& p : plugin.description.schema)
        if (const Value* value = preset.values.find(p.name); value != nullptr && *value != p.fallback)
            parts.push_back(p.name + ": " + value_text(*value));
    if (preset.unit > 0) parts.push_back("unit: " + words_of(ScheduleUnit{})[preset.unit - 1]);
    if (preset.ends > 0) parts.push_back("ends: " + words_of(Ends{})[preset.ends - 1]);
    if (preset.after > 0) parts.push_back("after: " + words_of(After{})[preset.after - 1]);
    return parts.empty() ? "the defaults" : join(parts, ", ");
}

/// The rates over a run; what the plugin refuses to draw is told in its own words.
void draw_schedule(const Plugin& plugin, Registry& registry) {
    try {
        const RatePreview preview = preview_rates(plugin, registry);
        fmt::print("\n  {} at base rate 1{}:\n\n{}", preview.spec, preview.observes ? ", told a loss that falls until epoch 40 and then stays" : "",
                   terminal_plot(preview.rates, {.x_end = static_cast<double>(preview_run.updates / preview_run.per_epoch), .x_label = "epoch"},
                                 letters_of_terminal()));
    } catch (const Error& error) {
        fmt::print("\n  not drawn: {}\n", error.what());
    }
}

void describe_plugin(const Plugin& plugin, Registry& registry) {
    print_heading(plugin.description,
                  plugin.kind == PluginKind::optimizer ? "optimizer" : plugin.observes ? "schedule that watches a metric" : "schedule");
    if (plugin.kind == PluginKind::optimizer) {
        if (plugin.lr > 0) fmt::print("  base rate: {} unless `lr` or a preset says otherwise\n", number(plugin.lr));
        fmt::print("  state: {} bytes a weight{}\n", 4 * plugin.slots.size(), plugin.slots.empty() ? "" : " (" + join(plugin.slots, ", ") + ")");
    }
    print_parameters(plugin.description.schema);
    for (std::size_t i = 0; i < plugin.presets.size(); ++i) {
        const PresetInfo& preset = plugin.presets[i];
        fmt::print("{}  preset {}: {}{}\n", i == 0 ? "\n" : "", preset.name, preset_text(plugin, preset),
                   preset.doc.empty() ? "" : "  # " + preset.doc);
    }
    if (plugin.kind == PluginKind::schedule)
        fmt::print("\n  the host's keys on every schedule: unit, ends, after, repeat, delay, quantize, scale, warmup, clip{}\n",
                   plugin.observes ? ", monitor" : "");
    if (plugin.kind == PluginKind::schedule) draw_schedule(plugin, registry);
    if (plugin.kind == PluginKind::optimizer) {
        std::vector<std::string> names;
        for (const Kind& kind : wrapper_kinds()) names.push_back(kind.name);
        fmt::print("\n  the host's keys on every optimizer: {}\n", join(names, ", "));
    }
    fmt::print("\n  file: {}\n  built: {}\n", plugin.file.string(), plugin.build);
}

/// A name of others: how it is written here, and what stands for it.
bool describe_alias(PluginKind kind, const std::string& name, Registry& registry) {
    const Alias* alias = find_alias(kind, name);
    if (alias == nullptr) return false;
    fmt::print("{}\n", alias_text(*alias));
    if (alias->plugin.empty()) return true;
    fmt::print("\n");
    describe_plugin(registry.require(kind, alias->plugin), registry);
    return true;
}

int describe(const Places& places, const std::string& name) {
    Registry registry = places.registry();
    bool found = false;
    const auto separate = [&] { if (std::exchange(found, true)) fmt::print("\n"); };
    for (const PluginKind kind : {PluginKind::optimizer, PluginKind::schedule})
        if (const Plugin* plugin = registry.find(kind, name)) separate(), describe_plugin(*plugin, registry);
    const auto describe_kind = [&](const Kind* kind, const char* what) {
        if (kind == nullptr) return;
        separate();
        print_heading(*kind, what);
        print_parameters(kind->schema);
        if (!kind->lists.empty()) fmt::print("\n  lists of layers: {}\n", join(kind->lists, ", "));
    };
    describe_kind(find_wrapper_kind(name), "around any optimizer");
    describe_kind(find_dataset_kind(name), "data set");
    describe_kind(find_layer_kind(name), "layer");
    describe_kind(find_loss_kind(name), "loss");
    if (found) return success;
    for (const PluginKind kind : {PluginKind::optimizer, PluginKind::schedule})
        if (describe_alias(kind, name, registry)) return success;

    std::vector<std::string> names;
    for (const PluginKind kind : {PluginKind::optimizer, PluginKind::schedule})
        for (const Plugin* plugin : registry.all(kind)) names.push_back(plugin->description.name);
    for (const auto kinds : {wrapper_kinds(), dataset_kinds(), layer_kinds(), loss_kinds()})
        for (const Kind& kind : kinds) names.push_back(kind.name);
    throw Error("there is nothing called '" + name + "'", nearest(name, names) ? spelling_hint(name, names) : "`etude list` shows all names");
}

}  // namespace

void add_describe(CLI::App& app, Action& action) {
    auto places = std::make_shared<Places>();
    auto name = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("describe", "Describe an optimizer, a schedule, what goes around an optimizer, a data set, "
                                                       "a layer or a loss");
    command->add_option("name", *name, "Its name, as `etude list` shows it")->required()->type_name("NAME");
    add_plugin_option(*command, *places);
    command->callback([places, name, &action] { action = [places, name] { return describe(*places, *name); }; });
}

}  // namespace etude::cli
