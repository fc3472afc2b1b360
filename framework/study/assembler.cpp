#include "study/assembler.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "model/spec.hpp"
#include "study/groups.hpp"
#include "train/metrics.hpp"

namespace etude {
namespace {

InputShape input_shape(const DataPart& data) {
    const SampleShape& shape = data.outline.shape;
    return {shape.channels, shape.height, shape.width};
}

/// The layer, or the last swept value inside it.
Place layer_place(const PartTree& model, const Path& layer) {
    Path whole = {"model"};
    whole.insert(whole.end(), layer.begin(), layer.end());
    const Node* node = find_at(model.root, whole);
    Place place = node == nullptr ? model.part->place : node->place;
    for (const auto& [path, value_place] : model.touched)
        if (path.size() > 1 && (contains(whole, path) || contains(path, whole))) place = value_place;
    return place;
}

/// What of the trial each part decides alone, as far as it could be read: each check needs some of the parts only.
Assembled outline_of(const TrialParts& parts) {
    Assembled result{.spec = {}, .metrics = every_metric(), .data = parts.data.number, .schedule = parts.schedule.number,
                     .schedule_place = parts.schedule.tree->place, .length = {}};
    TrialSpec& spec = result.spec;
    if (parts.data) {
        const DatasetOutline& outline = parts.data->outline;
        result.metrics = metric_names(outline.classes > 0, outline.test > 0, outline.validation > 0);
        spec.data = parts.data->component;
    }
    if (parts.model) spec.model = *parts.model;
    if (parts.loss) spec.loss = *parts.loss;
    if (parts.train) spec.train = *parts.train;
    if (parts.optimizer) spec.optimizer = *parts.optimizer;
    if (parts.divergence) spec.loss_above = *parts.divergence;
    return result;
}

/// Neither its rate nor its epochs matter: trials that differ in them alone are one.
void become_range_test(Assembled& trial) {
    TrialSpec& spec = trial.spec;
    spec.optimizer.lr = spec.range_test->from;
    spec.train.epochs = 1;
    spec.record_lr_per_update = true;
    spec.instruments = {};
    trial.metrics = range_metrics();
}

}  // namespace

Assembler::Assembler(const Node& root, const Grid& grid, Registry& registry, const StudySettings& settings, std::uint64_t first_seed,
                     Diagnostics& diagnostics)
    : registry_(registry),
      diagnostics_(diagnostics),
      finder_(registry, settings, first_seed, diagnostics),
      parts_(root, grid, registry, settings.data, finder_, diagnostics),
      lengths_(registry, diagnostics),
      checks_(registry, first_seed, diagnostics),
      default_schedule_(scalar_node("constant", false, root.place)) {}

/// An error in one part does not hide those of the others: nothing is given up before all has been looked at.
std::optional<Assembled> Assembler::assemble(const Assignment& assignment) {
    const TrialParts parts = parts_.read(assignment);
    Assembled result = outline_of(parts);
    TrialSpec& spec = result.spec;
    const bool fits = parts.data && parts.model && parts.loss && model_fits(parts);
    const auto groups = parts.groups && parts.optimizer ? groups_of(parts) : std::nullopt;
    const bool groups_match = groups && fits && groups_fit(parts, *groups);
    if (groups) spec.groups = *groups;
    const auto others = parts.schedules && parts.optimizer && parts.train ? schedules_of(parts, result.metrics) : std::nullopt;
    const auto length = parts.data && parts.train ? lengths_.of(parts, spec, others ? others->batch : std::nullopt) : std::nullopt;
    const bool can_test = fits && groups_match && length && parts.optimizer && parts.divergence && !diagnostics_.has_errors();
    if (can_test && !find_base_rate(parts, spec)) return std::nullopt;
    const auto rated = parts.schedule ? rated_schedule(parts, spec, can_test) : std::nullopt;
    const auto schedule = rated ? schedule_of(parts, *rated, parts.optimizer ? spec.optimizer.lr : 1.0, result.metrics) : std::nullopt;
    const bool others_read = parts.optimizer && parts.divergence && parts.range_test && parts.early_stop && parts.record;
    if (!fits || !groups_match || !length || !schedule || !others || !others_read) return std::nullopt;

    if (*parts.early_stop && !(spec.early_stop = early_stop_of(parts, result.metrics))) return std::nullopt;
    spec.schedule = *schedule;
    spec.schedules = others->parameters;
    spec.batch_schedule = others->batch;
    spec.record_lr_per_update = parts.record->lr_per_update;
    spec.instruments = parts.record->instruments;
    spec.range_test = *parts.range_test;
    if (spec.range_test) become_range_test(result);
    std::ranges::copy(instrument_names(spec.instruments), std::back_inserter(result.metrics));
    auto warnings = checks_.check(parts, rated->found, spec, *length);
    if (!warnings) return std::nullopt;
    result.length = *length;
    result.warnings = std::move(*warnings);
    return result;
}

bool Assembler::model_fits(const TrialParts& parts) {
    const auto [found, is_new] = fitting_models_.try_emplace({parts.data.number, parts.model.number, parts.loss.number}, true);
    if (!is_new) return found->second;
    const auto problem = check_model(*parts.model, *parts.loss, input_shape(*parts.data), parts.data->outline.classes);
    if (problem) diagnostics_.error(layer_place(*parts.model.tree, problem->layer), problem->message, problem->hint);
    return found->second = !problem;
}

const std::optional<std::vector<ParameterGroup>>& Assembler::groups_of(const TrialParts& parts) {
    const auto [found, is_new] = groups_.try_emplace({parts.groups.number, parts.optimizer.number});
    if (is_new) {
        const Node* const part = parts.groups.tree->part;
        found->second = part == nullptr ? std::vector<ParameterGroup>{} : read_groups(*part, *parts.optimizer, registry_, diagnostics_);
    }
    return found->second;
}

bool Assembler::groups_fit(const TrialParts& parts, const std::vector<ParameterGroup>& groups) {
    if (groups.empty()) return true;
    const auto [found, is_new] = fitting_groups_.try_emplace({parts.groups.number, parts.data.number, parts.model.number});
    if (is_new)
        found->second = check_groups(*parts.groups.tree->part, groups, tensors_of(*parts.model, input_shape(*parts.data)), diagnostics_);
    return found->second;
}

const std::optional<OtherSchedules>& Assembler::schedules_of(const TrialParts& parts, const Metrics& metrics) {
    const auto [found, is_new] = others_.try_emplace({parts.schedules.number, parts.optimizer.number, parts.train.number, metrics});
    if (is_new) {
        const Node* const part = parts.schedules.tree->part;
        found->second = part == nullptr ? OtherSchedules{}
                                        : read_schedules(*part, *parts.optimizer, *parts.train, {1, metrics}, registry_, diagnostics_);
    }
    return found->second;
}

/// Where the optimizer's rate is asked for, spec's optimizer is then the one with the rate that a range test found.
bool Assembler::find_base_rate(const TrialParts& parts, TrialSpec& spec) {
    Node node = *parts.optimizer.tree->part;
    Node* const lr = node.is_mapping() ? node.find("lr") : nullptr;
    if (lr == nullptr || !is_rate_request(*lr)) return true;
    auto rate = finder_.with_rates(*lr, spec);
    if (!rate) return false;
    *lr = std::move(*rate);
    auto optimizer = read_optimizer(node, registry_, Reading::resolved, diagnostics_);
    if (optimizer) spec.optimizer = std::move(*optimizer);
    return optimizer.has_value();
}

/// The schedule as this trial has it: with the rates that a range test of the trial finds, or, while that cannot be made, with any.
std::optional<Assembler::RatedSchedule> Assembler::rated_schedule(const TrialParts& parts, const TrialSpec& spec, bool can_test) {
    const Node* const part = parts.schedule.tree->part;
    const Node& node = part == nullptr || part->is_null() ? default_schedule_ : *part;
    if (!has_rate_request(node)) return RatedSchedule{node, ""};
    auto found = can_test ? finder_.with_rates(node, spec) : std::optional(finder_.without_requests(node));
    if (!found) return std::nullopt;
    const std::string text = flow_text(*found);
    return RatedSchedule{std::move(*found), text};
}

const std::optional<ScheduleSpec>& Assembler::schedule_of(const TrialParts& parts, const RatedSchedule& rated, double base_lr,
                                                          const Metrics& metrics) {
    const auto [found, is_new] = schedules_.try_emplace({parts.schedule.number, rated.found, base_lr, metrics});
    if (is_new) found->second = read_schedule(rated.node, {base_lr, metrics}, registry_, Reading::resolved, diagnostics_);
    return found->second;
}

/// With the metric that is watched unless another is given; nothing after an error.
std::optional<EarlyStopSpec> Assembler::early_stop_of(const TrialParts& parts, const Metrics& metrics) {
    EarlyStopSpec stop = **parts.early_stop;
    const auto records = [&](const std::string& metric) { return std::ranges::find(metrics, metric) != metrics.end(); };
    for (const char* metric : {"validation_loss", "test_loss", "train_loss"})
        if (stop.metric.empty() && records(metric)) stop.metric = metric;
    if (records(stop.metric)) return stop;
    const Node* const metric = parts.early_stop.tree->part->find("metric");
    const Place& place = metric == nullptr ? parts.early_stop.tree->place : metric->place;
    const auto measured = instrument_names(parts.record->instruments);
    const bool is_measured = std::ranges::find(measured, stop.metric) != measured.end();
    diagnostics_.error(place,
                       is_measured ? "early_stop cannot watch '" + stop.metric + "', which an instrument measures"
                                   : "this study records no '" + stop.metric + "'",
                       spelling_hint(stop.metric, metrics));
    return std::nullopt;
}

}  // namespace etude
