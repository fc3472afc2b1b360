#include "study/emit.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace etude {
namespace {

const Place& nowhere() {
    static const Place place;
    return place;
}

void put(Node& mapping, std::string key, Node value) { mapping.entries.push_back({std::move(key), nowhere(), std::move(value)}); }

/// Text that is quoted when it would read as something else.
Node text_node(const std::string& text) {
    const std::string yaml = yaml_text(text);
    return scalar_node(text, yaml.front() == '"', nowhere());
}

Node plain_node(const std::string& text) { return scalar_node(text, false, nowhere()); }

Node duration_node(const Duration& duration) {
    if (duration.unit == TimeUnit::ticks) return plain_node(value_text(duration.amount));
    Node node = mapping_node(nowhere());
    put(node,
        duration.unit == TimeUnit::updates  ? "updates"
        : duration.unit == TimeUnit::epochs ? "epochs"
                                            : "fraction",
        plain_node(value_text(duration.amount)));
    return node;
}

template <class T, class F>
Node nodes_of(const std::vector<T>& values, F&& element) {
    Node list = list_node(nowhere());
    for (const T& value : values) list.items.push_back(element(value));
    return list;
}

Node value_node(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return text_node(*text);
    if (const auto* duration = std::get_if<Duration>(&value)) return duration_node(*duration);
    if (const auto* reals = std::get_if<std::vector<double>>(&value))
        return nodes_of(*reals, [](double real) { return plain_node(value_text(real)); });
    if (const auto* durations = std::get_if<std::vector<Duration>>(&value)) return nodes_of(*durations, duration_node);
    return plain_node(value_text(value));
}

void put_values(Node& mapping, const Values& values) {
    for (const auto& [key, value] : values.entries())
        if (!std::holds_alternative<std::monostate>(value)) put(mapping, key, value_node(value));
}

Node named_node(const std::string& name) {
    Node node = mapping_node(nowhere());
    put(node, "name", text_node(name));
    return node;
}

Node component_node(const Component& component) {
    Node node = named_node(component.name);
    put_values(node, component.values);
    return node;
}

Node model_node(const ModelSpec& model) {
    return nodes_of(model, [](const Component& layer) {
        Node keys = mapping_node(nowhere());
        put_values(keys, layer.values);
        for (const auto& [name, items] : layer.lists) put(keys, name, model_node(items));
        if (keys.entries.empty()) return text_node(layer.name);
        Node node = mapping_node(nowhere());
        put(node, layer.name, std::move(keys));
        return node;
    });
}

Node train_node(const TrainSpec& train) {
    Node node = mapping_node(nowhere());
    put(node, "epochs", plain_node(std::to_string(train.epochs)));
    put(node, "batch", plain_node(std::to_string(train.batch)));
    put(node, "drop_last", plain_node(train.drop_last ? "true" : "false"));
    if (train.threads > 1) put(node, "threads", plain_node(std::to_string(train.threads)));
    if (train.checkpoint > 0) put(node, "checkpoint", plain_node(std::to_string(train.checkpoint)));
    return node;
}

Node optimizer_node(const OptimizerSpec& optimizer) {
    Node node = named_node(optimizer.name);
    put(node, "lr", plain_node(value_text(optimizer.lr)));
    put_values(node, optimizer.values);
    if (optimizer.clip) {
        Node clip = mapping_node(nowhere());
        const bool is_adaptive = optimizer.clip->kind == Clip::Kind::adaptive;
        const bool is_of_norm = optimizer.clip->kind == Clip::Kind::norm;
        put(clip, is_adaptive ? "adaptive" : is_of_norm ? "norm" : "value", plain_node(value_text(optimizer.clip->limit)));
        if (is_adaptive) put(clip, "eps", plain_node(value_text(optimizer.clip->eps)));
        put(node, "clip", std::move(clip));
    }
    for (const Component& wrapper : optimizer.wrappers) {
        Node keys = mapping_node(nowhere());
        put_values(keys, wrapper.values);
        put(node, wrapper.name, std::move(keys));
    }
    return node;
}

Node warmup_node(const WarmupSpec& warmup) {
    Node node = mapping_node(nowhere());
    put(node, "length", duration_node(warmup.length));
    put(node, "from", plain_node(value_text(warmup.from)));
    put(node, "shape", plain_node(word(warmup.shape)));
    put(node, "ends", plain_node(word(warmup.ends)));
    put(node, "mode", plain_node(word(warmup.mode)));
    return node;
}

Node monitor_node(const MonitorSpec& monitor) {
    Node node = mapping_node(nowhere());
    put(node, "metric", plain_node(monitor.metric));
    Node every = plain_node("epoch");
    if (monitor.every_updates > 0) {
        every = mapping_node(nowhere());
        put(every, "updates", plain_node(std::to_string(monitor.every_updates)));
    }
    put(node, "every", std::move(every));
    return node;
}

Node flag_node(bool flag) { return plain_node(flag ? "true" : "false"); }

Node repeat_node(const RepeatSpec& repeat) {
    Node node = mapping_node(nowhere());
    put(node, "period", duration_node(repeat.period));
    if (repeat.count > 0) put(node, "count", plain_node(std::to_string(repeat.count)));
    put(node, "length_factor", plain_node(value_text(repeat.length_factor)));
    put(node, "amplitude_factor", plain_node(value_text(repeat.amplitude_factor)));
    put(node, "mirror", flag_node(repeat.mirror));
    return node;
}

void put_shaping(Node& node, const ShapingSpec& shaping) {
    if (shaping.repeat) put(node, "repeat", repeat_node(*shaping.repeat));
    if (shaping.delay) put(node, "delay", duration_node(*shaping.delay));
    if (shaping.quantize) put(node, "quantize", duration_node(*shaping.quantize));
    if (shaping.scale) put(node, "scale", plain_node(value_text(*shaping.scale)));
    if (!shaping.clip) return;
    Node clip = mapping_node(nowhere());
    put(clip, "min", plain_node(value_text(shaping.clip->min)));
    if (shaping.clip->max) put(clip, "max", plain_node(value_text(*shaping.clip->max)));
    put(node, "clip", std::move(clip));
}

Node condition_node(const Condition& until) {
    Node node = mapping_node(nowhere());
    put(node, "metric", plain_node(until.metric));
    if (until.kind == Condition::Kind::no_improvement_for) {
        put(node, "no_improvement_for", duration_node(until.patience));
        put(node, "margin", plain_node(value_text(until.margin)));
    } else {
        put(node, until.kind == Condition::Kind::below ? "below" : "above", plain_node(value_text(until.value)));
    }
    return node;
}

Node schedule_node(const ScheduleSpec& schedule) {
    const bool is_combination = schedule.combination != Combination::none;
    Node node = is_combination ? mapping_node(nowhere()) : named_node(schedule.name);
    put_values(node, schedule.values);
    if (is_combination) put(node, schedule.name, nodes_of(schedule.children, schedule_node));
    const bool is_in_turn = schedule.combination == Combination::sequence || schedule.combination == Combination::switch_when;
    if (is_in_turn) put(node, "continuous", flag_node(schedule.continuous));
    put(node, "unit", plain_node(word(schedule.unit)));
    if (!is_combination) {
        put(node, "ends", plain_node(word(schedule.ends)));
        put(node, "after", plain_node(word(schedule.after)));
    }
    if (schedule.until) put(node, "until", condition_node(*schedule.until));
    if (schedule.lasts) put(node, "for", duration_node(*schedule.lasts));
    put_shaping(node, schedule.shaping);
    if (schedule.warmup) put(node, "warmup", warmup_node(*schedule.warmup));
    if (schedule.monitor) put(node, "monitor", monitor_node(*schedule.monitor));
    return node;
}

Node group_node(const ParameterGroup& group) {
    Node node = mapping_node(nowhere());
    if (group.match.size() == 1) put(node, "match", text_node(group.match.front()));
    if (group.match.size() > 1) put(node, "match", nodes_of(group.match, text_node));
    if (!group.layers.empty()) put(node, "layers", nodes_of(group.layers, [](std::uint64_t layer) { return plain_node(std::to_string(layer)); }));
    put(node, "lr_scale", plain_node(value_text(group.lr_scale)));
    put_values(node, group.values);
    return node;
}

/// Nothing of instruments that are at rest.
void put_instruments(Node& record, const InstrumentSpec& spec) {
    if (!spec.any()) return;
    const LandscapeSpec slice = spec.landscape.value_or(LandscapeSpec{});
    put(record, "norms", plain_node(spec.norms ? "true" : "false"));
    put(record, "curvature", plain_node(spec.curvature ? "true" : "false"));
    put(record, "landscape", plain_node(std::to_string(spec.landscape ? slice.dimensions : 0)));
    put(record, "points", plain_node(std::to_string(slice.points)));
    put(record, "span", plain_node(value_text(slice.span)));
    put(record, "samples", plain_node(std::to_string(spec.samples)));
}

Node range_test_node(const RangeTestSpec& test) {
    Node node = mapping_node(nowhere());
    put(node, "from", plain_node(value_text(test.from)));
    put(node, "to", plain_node(value_text(test.to)));
    put(node, "updates", plain_node(std::to_string(test.updates)));
    put(node, "ramp", plain_node(word(test.ramp)));
    put(node, "smoothing", plain_node(value_text(test.smoothing)));
    put(node, "stop_at", plain_node(value_text(test.stop_at)));
    return node;
}

Node early_stop_node(const EarlyStopSpec& stop) {
    Node node = mapping_node(nowhere());
    put(node, "metric", plain_node(stop.metric));
    put(node, "patience", plain_node(std::to_string(stop.patience)));
    put(node, "min_delta", plain_node(value_text(stop.min_delta)));
    put(node, "min_epochs", plain_node(std::to_string(stop.min_epochs)));
    return node;
}

}  // namespace

Node trial_node(const TrialSpec& trial) {
    Node node = mapping_node(nowhere());
    put(node, "data", component_node(trial.data));
    put(node, "model", model_node(trial.model));
    put(node, "loss", component_node(trial.loss));
    put(node, "train", train_node(trial.train));
    put(node, "optimizer", optimizer_node(trial.optimizer));
    put(node, "schedule", schedule_node(trial.schedule));
    if (!trial.schedules.empty() || trial.batch_schedule) {
        Node schedules = mapping_node(nowhere());
        for (const ParameterSchedule& scheduled : trial.schedules)
            put(schedules, "optimizer." + scheduled.parameter, schedule_node(scheduled.schedule));
        if (trial.batch_schedule) put(schedules, "train.batch", schedule_node(*trial.batch_schedule));
        put(node, "schedules", std::move(schedules));
    }
    if (!trial.groups.empty()) put(node, "groups", nodes_of(trial.groups, group_node));
    if (trial.loss_above) {
        Node divergence = mapping_node(nowhere());
        put(divergence, "loss_above", plain_node(value_text(*trial.loss_above)));
        put(node, "divergence", std::move(divergence));
    }
    if (trial.range_test) put(node, "range_test", range_test_node(*trial.range_test));
    if (trial.early_stop) put(node, "early_stop", early_stop_node(*trial.early_stop));
    Node record = mapping_node(nowhere());
    put(record, "lr", plain_node(trial.record_lr_per_update ? "update" : "epoch"));
    put_instruments(record, trial.instruments);
    put(node, "record", std::move(record));
    return node;
}

Node metric_node(const MetricSpec& metric) {
    Node node = named_node(metric.name);
    put(node, "goal", plain_node(metric.maximize ? "maximize" : "minimize"));
    Node at = plain_node(metric.at == MetricSpec::At::best ? "best" : "final");
    if (metric.at == MetricSpec::At::epoch) {
        at = mapping_node(nowhere());
        put(at, "epoch", plain_node(std::to_string(metric.epoch)));
    }
    put(node, "at", std::move(at));
    return node;
}

std::string yaml_of(const Node& root) {
    std::string text;
    for (const Entry& entry : root.entries) {
        const bool in_lines = entry.value.is_list() && std::ranges::any_of(entry.value.items, &Node::is_mapping);
        text += yaml_text(entry.key) + ":";
        if (!in_lines)
            text += " " + flow_text(entry.value) + "\n";
        else {
            text += "\n";
            for (const Node& item : entry.value.items) text += "  - " + flow_text(item) + "\n";
        }
    }
    return text;
}

}  // namespace etude
