#include "cli/study_schema.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "data/catalogue.hpp"
#include "layers/catalogue.hpp"
#include "plugin/spec.hpp"
#include "study/parts.hpp"
#include "train/metrics.hpp"
#include "train/pruning.hpp"
#include "train/trial.hpp"
#include "wrappers/kinds.hpp"

namespace etude::cli {
namespace {

Json ref(const std::string& name) { return {{"$ref", "#/definitions/" + name}}; }
Json list_of(const Json& items) { return {{"type", "array"}, {"items", items}, {"minItems", 1}}; }
Json or_null(const Json& schema) { return {{"anyOf", {schema, {{"type", "null"}}}}}; }
Json described(Json schema, const std::string& description) { return schema["description"] = description, schema; }

Json merged(Json all, const Json& more) {
    all.update(more);
    return all;
}

/// One thing that a part may name: its keys count when `name` names it.
struct NamedKeys {
    std::string name, summary;
    Json properties;
};

/// A bare name, or a mapping whose other keys follow from `name`.
Json named_part(const std::vector<NamedKeys>& kinds, const std::string& description) {
    std::vector<NamedSummary> names;
    for (const NamedKeys& kind : kinds) names.push_back({kind.name, kind.summary});
    const Json name = json_names(names);
    Json rules = Json::array();
    for (const NamedKeys& kind : kinds)
        rules.push_back({{"if", {{"required", {"name"}}, {"properties", {{"name", {{"const", kind.name}}}}}}},
                         {"then", json_mapping(merged({{"name", Json::object()}}, kind.properties), kind.summary)}});
    const Json mapping{{"type", "object"}, {"properties", {{"name", name}}}, {"allOf", rules}};
    return described({{"anyOf", {name, mapping}}}, description);
}

std::vector<NamedKeys> keys_of(std::span<const Kind> kinds) {
    std::vector<NamedKeys> all;
    for (const Kind& kind : kinds) all.push_back({kind.name, kind.summary, json_properties(kind.schema)});
    return all;
}

/// Parameters, `preset`, and the host's keys.
std::vector<NamedKeys> keys_of(Registry& registry, PluginKind kind, const Json& host_keys) {
    std::vector<NamedKeys> all;
    for (const Plugin* plugin : registry.all(kind)) {
        Json keys = merged(host_keys, json_properties(plugin->description.schema));
        std::vector<NamedSummary> presets;
        for (const PresetInfo& preset : plugin->presets) presets.push_back({preset.name, preset.doc});
        if (!presets.empty()) keys["preset"] = json_names(presets);
        all.push_back({plugin->description.name, plugin->description.summary, std::move(keys)});
    }
    return all;
}

Json layer() {
    Json keys = Json::object();
    std::vector<NamedSummary> names;
    for (const Kind& kind : layer_kinds()) {
        names.push_back({kind.name, kind.summary});
        Json properties = json_properties(kind.schema);
        for (const std::string& list : kind.lists) properties[list] = {{"type", "array"}, {"items", ref("layer")}, {"minItems", 1}};
        keys[kind.name] = described({{"anyOf", {json_mapping(properties), {{"type", "null"}}}}}, kind.summary);
    }
    Json mapping = json_mapping(keys);
    mapping["minProperties"] = mapping["maxProperties"] = 1;
    return {{"anyOf", {json_names(names), mapping}}};
}

/// A mapping, `true` for its defaults, null, or the plain value of one key.
Json wrapper(const Kind& kind) {
    const Json properties = json_properties(kind.schema);
    Json forms{json_mapping(properties), {{"type", "boolean"}}, {{"type", "null"}}};
    if (const auto plain = plain_parameter(kind.name)) forms.push_back(properties.at(*plain));
    return described({{"anyOf", forms}}, kind.summary);
}

Json optimizer_keys() {
    Json keys{{"lr", described(json_rate(json_number(above(0), "")), "The base rate, which the schedule multiplies.")}};
    for (const Kind& kind : wrapper_kinds()) keys[kind.name] = wrapper(kind);
    return keys;
}

/// `{find_lr: valley}`
Json find_lr() {
    Json keys = json_properties(range_test_schema());
    keys["find_lr"] = json_words(range_rule_words(), "What of the curve suggests the rate.");
    Json mapping = json_mapping(keys, "The rate that a range test of the trial suggests.");
    mapping["required"] = {"find_lr"};
    return mapping;
}

Json warmup() {
    return json_mapping({{"length", json_length(at_least(0), "How long the rate rises.")},
                         {"from", json_number(at_least(0), "Rate at the start. Default: 0.")},
                         {"from_ratio", json_number(at_least(0), "Rate at the start, as a multiple of the base rate.")},
                         {"shape", json_words(words_of(WarmupShape{}), "The way up. Default: linear.")},
                         {"ends", json_words(words_of(Ends{}), "Which updates have the first and the last rate. Default: shifted.")},
                         {"mode", json_words(words_of(WarmupMode{}), "Before, over or times the schedule. Default: prefix.")}},
                        "A ramp at the start of any schedule.");
}

Json repeat() {
    return json_mapping({{"period", json_length(above(0), "The first cycle.")},
                         {"count",
                          {{"type", "integer"}, {"minimum", 1}, {"description", "Cycles; then the last value is held. Without it they go on."}}},
                         {"length_factor", json_number(closed(1, 1e6), "How many times as long as the last one each cycle is.")},
                         {"amplitude_factor", json_number(above(0), "How many times as high as the last one each cycle is.")},
                         {"mirror", {{"type", "boolean"}, {"description", "Every second cycle runs backwards."}}}},
                        "The schedule again and again.");
}

Json rate_limits() {
    const Json limit = json_number(at_least(0), "");
    Json mapping = json_mapping({{"min", limit}, {"max", limit}});
    mapping["minProperties"] = 1;
    const Json pair{{"type", "array"}, {"items", limit}, {"minItems", 2}, {"maxItems", 2}};
    return {{"anyOf", {pair, mapping}}};
}

Json monitor() {
    Json updates = json_mapping({{"updates", {{"type", "integer"}, {"minimum", 1}}}});
    updates["minProperties"] = 1;
    const Json mapping = json_mapping({{"metric", ref("metric")}, {"every", {{"anyOf", {{{"const", "epoch"}}, updates}}}}});
    return {{"anyOf", {ref("metric"), mapping}}};
}

Json condition() {
    const Json limit{{"type", "number"}};
    return json_mapping({{"metric", ref("metric")},
                         {"below", limit},
                         {"above", limit},
                         {"no_improvement_for", json_length(above(0), "Time since the best value.")},
                         {"margin", json_number(at_least(0), "What is better by no more is no improvement.")}},
                        "Holds when the metric fulfils it.");
}

/// Schedules of other parameters: the key is the parameter's path.
Json parameter_schedules() {
    const Json mapping{
        {"type", "object"}, {"patternProperties", {{"^(optimizer[.].|train[.]batch$)", or_null(ref("schedule"))}}}, {"additionalProperties", false}};
    return described(or_null(mapping),
                     "Schedules of the optimizer's other parameters and of the batch: `optimizer.momentum: {...}`, `train.batch: {...}`.");
}

/// What else a group has are parameters of the optimizer, whichever that is.
Json groups() {
    const Json word{{"type", {"string", "number"}}}, layer{{"type", "integer"}, {"minimum", 0}};
    const Json group{{"type", "object"},
                     {"properties", {{"match", {{"anyOf", {word, list_of(word)}}, {"description", "Words of the tensors' names."}}},
                                     {"layers", described(list_of(layer), "Places in the model, from 0.")},
                                     {"lr_scale", json_number(at_least(0), "Times the rate; 0 freezes.")}}}};
    return described(or_null(list_of(group)), "Tensors that are stepped with a rate and parameters of their own.");
}

/// What the host takes on every schedule.
Json schedule_keys() {
    return {{"unit", json_words(words_of(ScheduleUnit{}), "What a bare number of a length counts. Default: update.")},
            {"ends", json_words(words_of(Ends{}), "Which updates have the first and the last value. Default: closed.")},
            {"after", json_words(words_of(After{}), "What comes after the schedule's length. Default: hold.")},
            {"warmup", or_null(ref("warmup"))},
            {"monitor", described(or_null(ref("monitor")), "The metric that a schedule watches, and how often.")},
            {"for", described(or_null(ref("length")), "In a sequence: how long this schedule lasts.")},
            {"until", described(or_null(ref("condition")), "In a switch_when: what ends this schedule.")},
            {"repeat", or_null(ref("repeat"))},
            {"delay", described(or_null(ref("length")), "The first value is held so long.")},
            {"quantize", described(or_null(json_length(above(0), "")), "The value changes only every so often.")},
            {"scale", described(or_null(json_number(above(0), "")), "The rate times a number.")},
            {"clip", described(or_null(ref("limits")), "Absolute rates that are not left.")}};
}

/// Several schedules make one: no name, one list.
NamedKeys combination(Combination which, const char* summary) {
    Json keys = schedule_keys();
    for (const char* of_children : {"ends", "after"}) keys.erase(of_children);
    keys[word(which)] = described(list_of(ref("schedule")), summary);
    if (which == Combination::sequence || which == Combination::switch_when)
        keys["continuous"] = {{"type", "boolean"}, {"description", "Each schedule begins at the value with which the one before it ended."}};
    return {word(which), summary, keys};
}

Json schedule(Registry& registry) {
    Json part = named_part(keys_of(registry, PluginKind::schedule, schedule_keys()), "The schedule: multiplies the optimizer's lr.");
    Json& mapping = part["anyOf"][1];
    for (const auto& [which, summary] : {std::pair{Combination::sequence, "One schedule after the other."},
                                         {Combination::switch_when, "One schedule until a metric condition holds, then the next."},
                                         {Combination::product, "The factors of all of them, multiplied."},
                                         {Combination::min_of, "The least of what they give."},
                                         {Combination::max_of, "The greatest of what they give."}}) {
        const NamedKeys keys = combination(which, summary);
        mapping["properties"][keys.name] = keys.properties[keys.name];
        mapping["allOf"].push_back({{"if", {{"required", {keys.name}}}}, {"then", json_mapping(keys.properties, summary)}});
    }
    return part;
}

Json metric_name() {
    Json names = Json::array();
    for (const bool classification : {true, false})
        for (const std::string& name : metric_names(classification, true, true))
            if (std::find(names.begin(), names.end(), Json(name)) == names.end()) names.push_back(name);
    return {{"enum", names}};
}

Json metric() {
    Json epoch = json_mapping({{"epoch", {{"type", "integer"}, {"minimum", 1}}}});
    epoch["minProperties"] = 1;
    const std::vector<std::string> goals{"maximize", "minimize"}, moments{"final", "best"};
    const Json mapping = json_mapping({{"name", ref("metric")},
                                       {"goal", json_words(goals, "Follows from the metric unless given.")},
                                       {"at", {{"anyOf", {json_words(moments, ""), epoch}}, {"description", "When it is read. Default: final."}}}});
    return {{"anyOf", {ref("metric"), mapping, {{"type", "null"}}}}, {"description", "What trials are compared by."}};
}

Json axis() {
    const auto spacing = [](const std::string& name, const Interval& range, const std::string& doc) {
        const Json bounds{{"type", "array"}, {"items", json_number(range, "")}, {"minItems", 2}, {"maxItems", 2}, {"description", doc}};
        Json mapping = json_mapping({{name, bounds},
                                     {"points", {{"type", "integer"}, {"minimum", 2}, {"maximum", 1e6}}},
                                     {"when", Json{{"type", "object"}, {"minProperties", 1}}}});
        mapping["required"] = {name, "points"};
        return mapping;
    };
    const Json when{{"type", "object"},
                    {"minProperties", 1},
                    {"description", "The axis is there only where these paths have these values (a list: any of them)."}};
    const auto bounded = [&](const std::string& name, const Interval& range, const std::string& doc) {
        const Json bounds{{"type", "array"}, {"items", json_number(range, "")}, {"minItems", 2}, {"maxItems", 2}, {"description", doc}};
        Json mapping = json_mapping({{name, bounds},
                                     {"draws", ref("draws")},
                                     {"seed", ref("draw_seed")},
                                     {"step", json_number(above(0), "Only multiples of it.")},
                                     {"when", when}});
        mapping["required"] = {name};
        return mapping;
    };
    Json choice = json_mapping({{"choice", list_of(Json::object())}, {"draws", ref("draws")}, {"seed", ref("draw_seed")}, {"when", when}});
    choice["required"] = {"choice"};
    Json values = json_mapping({{"values", list_of(Json::object())}, {"when", when}});
    values["required"] = {"values"};
    const Interval finite{-unbounded, unbounded, true, true};
    return {{"anyOf",
             {list_of(Json::object()), values, choice, bounded("uniform", finite, "Drawn between lo and hi."),
              bounded("log_uniform", above(0), "Drawn between lo and hi, its logarithm evenly."),
              bounded("one_minus_log_uniform", {-unbounded, 1, true, true}, "Drawn so that the logarithm of 1 minus it is even, for momenta."),
              bounded("int_uniform", finite, "Whole numbers from lo to hi."),
              spacing("linear", {-unbounded, unbounded, true, true}, "From lo to hi in equal steps."),
              spacing("log", above(0), "From lo to hi in equal factors."),
              spacing("one_minus_log", {-unbounded, 1, true, true}, "1 minus values in equal factors, for momenta.")}},
            {"description", "Values to sweep: a list, a spacing with its points, or draws."}};
}

Json sweep() {
    static const std::vector<std::string> sweep_methods{"grid", "random"};
    const Json paths{{"^(data|model|loss|train|optimizer|schedule|schedules|groups|divergence|range_test|early_stop|record)(\\.|$)", ref("axis")}};
    const Json group{{"type", "object"}, {"patternProperties", paths}, {"additionalProperties", false}, {"minProperties", 1}};
    Json common = Json::object();
    for (const char* path :
         {"optimizer", "optimizer.name", "optimizer.lr", "schedule", "schedule.name", "train.batch", "train.epochs", "model", "loss", "data"})
        common[path] = ref("axis");
    common["zip"] = {{"anyOf", {group, list_of(group)}}, {"description", "Axes that move together."}};
    const Json assignment{{"type", "object"}};
    common["cases"] = {{"type", "array"},
                       {"items", assignment},
                       {"minItems", 1},
                       {"description", "Whole assignments, one after the other: `{path: value, path: value}`."}};
    Json halton = group;
    halton["properties"] = {{"draws", ref("draws")}, {"seed", ref("draw_seed")}};
    halton["required"] = {"draws"};
    halton["description"] = "Axes that a Halton sequence fills together; with a seed it is scrambled.";
    common["halton"] = halton;
    common["draws"] = ref("draws");
    common["seed"] = ref("draw_seed");
    common["parameters"] = {{"type", "object"}, {"minProperties", 1}, {"description", "Parameters as W&B writes them: `{path: {values: [...]}}`."}};
    common["method"] = json_words(sweep_methods, "Of W&B's parameters: whether `values` are a grid or drawn.");
    common["run_cap"] = ref("draws");
    common["exclude"] = {{"type", "array"},
                         {"items", {{"type", "object"}, {"minProperties", 1}}},
                         {"description", "Combinations to leave out: `{path: value}`."}};
    const Json block{{"type", "object"}, {"properties", common}, {"patternProperties", paths}, {"additionalProperties", false}};
    return {{"anyOf", {block, list_of(block), {{"type", "null"}}}}, {"description", "Paths to lists of values; a list of blocks is their union."}};
}

Json target() {
    Json values = Json::object();
    const Json names = metric_name();
    for (const Json& name : names["enum"]) values[name.get<std::string>()] = {{"type", "number"}};
    Json mapping = json_mapping(values);
    mapping["minProperties"] = mapping["maxProperties"] = 1;
    return described(or_null(mapping), "A value to reach: when each trial first does is recorded.");
}

Json budget() {
    const Json trials{{"type", "integer"}, {"minimum", 1}, {"description", "So many trials, the first seed of every configuration first."}};
    const Json time{{"type", "string"},
                    {"pattern", "[0-9]\\s*(s|m|min|h|d)\\s*$"},
                    {"description", "No trial starts later than this: 90s, 15m, 1h30m."}};
    Json mapping = json_mapping({{"trials", trials}, {"time", time}});
    mapping["minProperties"] = 1;
    return described(or_null(mapping), "How much of the study is run.");
}

Json seeds() {
    const Json seed{{"type", "integer"}, {"minimum", 0}};
    const Json count{{"type", "integer"}, {"minimum", 1}};
    Json split = json_mapping({{"tune", count}, {"report", count}});
    split["required"] = {"tune", "report"};
    return {{"anyOf", {count, {{"type", "array"}, {"items", seed}, {"minItems", 1}, {"uniqueItems", true}}, split}},
            {"description",
             "How many seeds, from 0, or which: the fastest axis. {tune: 10, report: 20}: choose on the first, report on the second."}};
}

}  // namespace

Json study_schema(Registry& registry) {
    const Json text{{"type", "string"}};
    Json properties{
        {"study",
         {{"type", {"string", "number"}}, {"pattern", "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"}, {"description", "Names the folder of the results."}}},
        {"question", {{"type", {"string", "null"}}, {"description", "What is asked; stands above the report."}}},
        {"include", {{"anyOf", {text, list_of(text)}}, {"description", "Files that this one is laid over, relative to it."}}},
        {"data", ref("data")},
        {"model", described(list_of(ref("layer")), "The layers, first to last.")},
        {"loss", ref("loss")},
        {"train", json_mapping(json_properties(train_schema()), "How long and in what batches.")},
        {"optimizer", ref("optimizer")},
        {"schedule", or_null(ref("schedule"))},
        {"schedules", parameter_schedules()},
        {"groups", groups()},
        {"seeds", seeds()},
        {"metric", metric()},
        {"target", target()},
        {"sweep", sweep()},
        {"record", or_null(json_mapping(json_properties(record_schema())))},
        {"range_test",
         or_null(json_mapping(json_properties(range_test_schema()), "Every trial is a range test: its rate rises from update to update."))},
        {"divergence",
         or_null(json_mapping({{"loss_above", or_null(json_number(above(0), "Also diverged when a batch's mean loss exceeds this."))}}))}};
    properties["budget"] = budget();
    properties["early_stop"] = or_null(json_mapping(json_properties(early_stop_schema()), "Ends a trial when a metric no longer improves."));
    for (const Kind& rule : pruning_kinds())
        properties[rule.name] = described({{"anyOf", {json_mapping(json_properties(rule.schema)), {{"type", "boolean"}}, {{"type", "null"}}}}},
                                          rule.summary);
    Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", "A study of learning rates for etude"}};
    schema.update(json_mapping(properties));
    schema["definitions"] = {{"metric", metric_name()},
                             {"axis", axis()},
                             {"draws", {{"type", "integer"}, {"minimum", 1}, {"maximum", 200000}, {"description", "How many."}}},
                             {"draw_seed", {{"type", "integer"}, {"minimum", 0}, {"description", "Of the draws; 0 unless given."}}},
                             {"length", json_length(at_least(0), "")},
                             {"limits", rate_limits()},
                             {"warmup", warmup()},
                             {"repeat", repeat()},
                             {"monitor", monitor()},
                             {"condition", condition()},
                             {"find_lr", find_lr()},
                             {"layer", layer()},
                             {"data", named_part(keys_of(dataset_kinds()), "The data set.")},
                             {"loss", named_part(keys_of(loss_kinds()), "The loss.")},
                             {"optimizer",
                              named_part(keys_of(registry, PluginKind::optimizer, optimizer_keys()), "The optimizer, with the base rate.")},
                             {"schedule", schedule(registry)}};
    return schema;
}

}  // namespace etude::cli
