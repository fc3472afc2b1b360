#include "study/identity.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "study/study.hpp"

namespace etude {
namespace {

/// One text for each number: -0 is 0.
std::string number_text(double value) { return value_text(value == 0 ? 0.0 : value); }

std::string canonical_value(Value value) {
    if (double* real = std::get_if<double>(&value); real != nullptr && *real == 0) *real = 0.0;
    if (auto* reals = std::get_if<std::vector<double>>(&value))
        for (double& real : *reals)
            if (real == 0) real = 0.0;
    return value_text(value);
}

/// Sorted by name: the order of a declaration is no part of a trial.
std::string canonical_values(const Values& values) {
    std::vector<std::string> lines;
    for (const auto& [key, value] : values.entries())
        if (!std::holds_alternative<std::monostate>(value)) lines.push_back(" " + key + "=" + canonical_value(value));
    std::ranges::sort(lines);
    std::string text;
    for (const std::string& line : lines) text += line;
    return text;
}

std::string canonical_component(const Component& component) {
    std::string text = component.name + canonical_values(component.values);
    for (const auto& [name, items] : component.lists) {
        text += " " + name + "=";
        for (const Component& item : items) text += "[" + canonical_component(item) + "]";
    }
    return text;
}

std::string canonical_optimizer(const OptimizerSpec& optimizer) {
    std::string text = optimizer.name + canonical_values(optimizer.values) + " lr=" + number_text(optimizer.lr);
    if (optimizer.clip) {
        const bool is_adaptive = optimizer.clip->kind == Clip::Kind::adaptive;
        const bool is_of_norm = optimizer.clip->kind == Clip::Kind::norm;
        text += (is_adaptive ? " clip.adaptive=" : is_of_norm ? " clip.norm=" : " clip.value=") + number_text(optimizer.clip->limit);
        if (is_adaptive) text += " eps=" + number_text(optimizer.clip->eps);
    }
    for (const Component& wrapper : optimizer.wrappers) text += " [" + canonical_component(wrapper) + "]";
    return text;
}

/// Empty for a schedule that is left as it was drawn: then its text is the one it had before there was any of this.
std::string canonical_shaping(const ShapingSpec& shaping) {
    std::string text;
    if (const auto& repeat = shaping.repeat)
        text += " repeat.period=" + value_text(repeat->period) + " count=" + std::to_string(repeat->count) + " length_factor=" +
                number_text(repeat->length_factor) + " amplitude_factor=" + number_text(repeat->amplitude_factor) + (repeat->mirror ? " mirror" : "");
    if (shaping.delay) text += " delay=" + value_text(*shaping.delay);
    if (shaping.quantize) text += " quantize=" + value_text(*shaping.quantize);
    if (shaping.scale) text += " scale=" + number_text(*shaping.scale);
    if (shaping.clip)
        text += " clip.min=" + number_text(shaping.clip->min) + " max=" + (shaping.clip->max ? number_text(*shaping.clip->max) : "none");
    return text;
}

std::string canonical_schedule(const ScheduleSpec& schedule) {
    std::string text = schedule.name + canonical_values(schedule.values) + " unit=" + word(schedule.unit) + " ends=" + word(schedule.ends) +
                       " after=" + word(schedule.after);
    if (schedule.warmup)
        text += " warmup.length=" + value_text(schedule.warmup->length) + " from=" + number_text(schedule.warmup->from) +
                " shape=" + word(schedule.warmup->shape) + " ends=" + word(schedule.warmup->ends) + " mode=" + word(schedule.warmup->mode);
    if (schedule.monitor) text += " monitor=" + schedule.monitor->metric + " every=" + std::to_string(schedule.monitor->every_updates);
    text += canonical_shaping(schedule.shaping);
    if (schedule.lasts) text += " for=" + value_text(*schedule.lasts);
    if (const auto& until = schedule.until) {
        const bool waits = until->kind == Condition::Kind::no_improvement_for;
        text += " until=" + until->metric + (waits ? " no_improvement_for=" + value_text(until->patience) + " margin=" + number_text(until->margin)
                                                   : (until->kind == Condition::Kind::below ? " below=" : " above=") + number_text(until->value));
    }
    if (schedule.continuous) text += " continuous";
    for (const ScheduleSpec& child : schedule.children) text += " [" + canonical_schedule(child) + "]";
    return text;
}

/// Sorted by parameter; empty without any.
std::string canonical_schedules(const std::vector<ParameterSchedule>& schedules) {
    std::vector<std::string> lines;
    for (const ParameterSchedule& scheduled : schedules)
        lines.push_back("schedule of optimizer." + scheduled.parameter + " " + canonical_schedule(scheduled.schedule) + "\n");
    std::ranges::sort(lines);
    std::string text;
    for (const std::string& line : lines) text += line;
    return text;
}

std::string canonical_group(const ParameterGroup& group) {
    std::string text = "group lr_scale=" + number_text(group.lr_scale) + canonical_values(group.values);
    for (const std::string& word : group.match) text += " match=" + yaml_text(word);
    for (const std::uint64_t layer : group.layers) text += " layer=" + std::to_string(layer);
    return text + "\n";
}

void add_plugins(const ScheduleSpec& schedule, Registry& registry, std::vector<const Plugin*>& plugins) {
    for (const ScheduleSpec& child : schedule.children) add_plugins(child, registry, plugins);
    if (schedule.combination != Combination::none) return;
    const Plugin* plugin = &registry.require(PluginKind::schedule, schedule.name);
    if (std::ranges::find(plugins, plugin) == plugins.end()) plugins.push_back(plugin);
}

/// One line for each plugin that draws a part of it.
std::string canonical_plugins(const ScheduleSpec& schedule, Registry& registry) {
    if (schedule.combination == Combination::none) return "plugin " + hex(registry.require(PluginKind::schedule, schedule.name).file_hash) + "\n";
    std::string text;
    for (const ScheduleSpec& child : schedule.children) text += canonical_plugins(child, registry);
    return text;
}

/// Nothing of instruments that are at rest.
std::string canonical_instruments(const InstrumentSpec& spec) {
    std::string text;
    if (spec.norms) text += "record norms\n";
    if (spec.curvature) text += "record curvature samples=" + std::to_string(spec.samples) + "\n";
    if (const auto& slice = spec.landscape)
        text += "record landscape=" + std::to_string(slice->dimensions) + " points=" + std::to_string(slice->points) +
                " span=" + number_text(slice->span) + " samples=" + std::to_string(spec.samples) + "\n";
    return text;
}

}  // namespace

std::string canonical_text(const TrialSpec& trial, Registry& registry, const std::vector<std::uint64_t>& file_hashes) {
    std::string text = "numerics " + std::to_string(numerics_version) + "\ndata " + canonical_component(trial.data) + "\n";
    for (const Component& layer : trial.model) text += "layer " + canonical_component(layer) + "\n";
    text += "loss " + canonical_component(trial.loss) + "\n";
    text += "train epochs=" + std::to_string(trial.train.epochs) + " batch=" + std::to_string(trial.train.batch) +
            (trial.train.drop_last ? " drop_last" : "") + (trial.train.threads > 1 ? " threads=" + std::to_string(trial.train.threads) : "") + "\n";
    text += "optimizer " + canonical_optimizer(trial.optimizer) + "\nschedule " + canonical_schedule(trial.schedule) + "\n" +
            canonical_schedules(trial.schedules);
    if (trial.batch_schedule) text += "schedule of train.batch " + canonical_schedule(*trial.batch_schedule) + "\n";
    for (const ParameterGroup& group : trial.groups) text += canonical_group(group);
    if (trial.loss_above) text += "loss_above " + number_text(*trial.loss_above) + "\n";
    if (const auto& test = trial.range_test)
        text += "range_test from=" + number_text(test->from) + " to=" + number_text(test->to) + " updates=" + std::to_string(test->updates) +
                " ramp=" + word(test->ramp) + " smoothing=" + number_text(test->smoothing) + " stop_at=" + number_text(test->stop_at) + "\n";
    if (const auto& stop = trial.early_stop)
        text += "early_stop metric=" + stop->metric + " patience=" + std::to_string(stop->patience) + " min_delta=" + number_text(stop->min_delta) +
                " min_epochs=" + std::to_string(stop->min_epochs) + "\n";
    if (trial.record_lr_per_update) text += "record lr per update\n";
    text += canonical_instruments(trial.instruments);
    text += "plugin " + hex(registry.require(PluginKind::optimizer, trial.optimizer.name).file_hash) + "\n";
    text += canonical_plugins(trial.schedule, registry);
    for (const ParameterSchedule& scheduled : trial.schedules) text += canonical_plugins(scheduled.schedule, registry);
    if (trial.batch_schedule) text += canonical_plugins(*trial.batch_schedule, registry);
    for (const std::uint64_t hash : file_hashes) text += "file " + hex(hash) + "\n";
    return text;
}

std::vector<const Plugin*> plugins_of(const TrialSpec& trial, Registry& registry) {
    std::vector<const Plugin*> plugins{&registry.require(PluginKind::optimizer, trial.optimizer.name)};
    add_plugins(trial.schedule, registry, plugins);
    for (const ParameterSchedule& scheduled : trial.schedules) add_plugins(scheduled.schedule, registry, plugins);
    if (trial.batch_schedule) add_plugins(*trial.batch_schedule, registry, plugins);
    return plugins;
}

std::string id_of(std::uint64_t configuration, std::uint64_t seed) { return hex(hash_bytes(hex(configuration) + " seed " + std::to_string(seed))); }

std::vector<std::uint64_t> FileHashes::of(const std::vector<std::filesystem::path>& files) {
    std::vector<std::uint64_t> hashes;
    for (const std::filesystem::path& file : files) {
        const auto found = known_.find(file);
        hashes.push_back(found != known_.end() ? found->second : known_.emplace(file, hash_file(file)).first->second);
    }
    return hashes;
}

std::string trial_id(const TrialSpec& trial, Registry& registry, const std::vector<std::uint64_t>& file_hashes) {
    return id_of(hash_bytes(canonical_text(trial, registry, file_hashes)), trial.seed);
}

}  // namespace etude
