#include "study/assembler.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "model/spec.hpp"
#include "plugin/parameter_schedules.hpp"
#include "plugin/warmup.hpp"
#include "study/groups.hpp"
#include "study/parameter_schedules.hpp"
#include "train/groups.hpp"
#include "train/run_trial.hpp"
#include "train/metrics.hpp"
#include "train/run_plan.hpp"
#include "wrappers/kinds.hpp"

namespace etude {
namespace {

constexpr std::uint64_t max_updates = 1'000'000'000;  // of a run: schedules are evaluated at each of them before it starts

InputShape input_shape(const SampleShape& shape) { return {shape.channels, shape.height, shape.width}; }

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

/// Metrics may be monitored although a part as written does not know which there are.
const std::vector<std::string>& every_metric() {
    static const std::vector<std::string> metrics = [] {
        std::vector<std::string> all = metric_names(true, true, true);
        for (const std::string& metric : metric_names(false, true, true))
            if (metric.ends_with("_rmse")) all.push_back(metric);
        return all;
    }();
    return metrics;
}

/// A warm-up that ends inside an epoch before a schedule that changes with epochs.
std::optional<FitWarning> split_warmup(const ScheduleSpec& schedule, const RunLength& length) {
    if (!schedule.warmup || schedule.unit != ScheduleUnit::epoch) return std::nullopt;
    const std::uint64_t updates = warmup_updates(*schedule.warmup, schedule.unit, length, 0), per_epoch = length.updates_in_epoch_of(updates);
    const std::uint64_t first = length.epochs.is_empty() ? 0 : static_cast<std::uint64_t>(length.epochs.update_at(static_cast<double>(length.epochs.epoch_of(updates))));
    if ((updates - first) % per_epoch == 0) return std::nullopt;
    return FitWarning{FitWarning::Reason::split_warmup,
                      "the warm-up ends inside an epoch (" + std::to_string(updates) + " updates, an epoch has " + std::to_string(per_epoch) +
                          "), but the schedule changes by `unit: epoch`",
                      ""};
}

}  // namespace

Assembler::Assembler(const Node& root, const Grid& grid, Registry& registry, const StudySettings& settings, std::uint64_t first_seed,
                     Diagnostics& diagnostics)
    : root_(root),
      registry_(registry),
      paths_(settings.data),
      first_seed_(first_seed),
      diagnostics_(diagnostics),
      finder_(registry, settings, first_seed, diagnostics),
      default_schedule_(scalar_node("constant", false, root.place)),
      data_{{"data", root, grid}},
      model_{{"model", root, grid}},
      loss_{{"loss", root, grid}},
      train_{{"train", root, grid}},
      optimizer_{{"optimizer", root, grid}},
      schedule_{{"schedule", root, grid}},
      parameter_schedules_{{"schedules", root, grid}},
      groups_{{"groups", root, grid}},
      divergence_{{"divergence", root, grid}},
      range_test_{{"range_test", root, grid}},
      early_stop_{{"early_stop", root, grid}},
      record_{{"record", root, grid}} {}

PartTrees* Assembler::trees_of(std::string_view name) {
    for (PartTrees* trees :
         {&data_.trees, &model_.trees, &loss_.trees, &train_.trees, &optimizer_.trees, &schedule_.trees, &parameter_schedules_.trees,
          &groups_.trees, &divergence_.trees, &range_test_.trees, &early_stop_.trees, &record_.trees})
        if (trees->name() == name) return trees;
    return nullptr;
}

void Assembler::check_written() {
    const auto part = [&](const char* name) {
        const Node* node = root_.find(name);
        return node == nullptr || node->is_null() ? nullptr : node;
    };
    const Reading as_written = Reading::as_written;
    if (const Node* node = part("data")) read_data(*node, as_written, diagnostics_);
    if (const Node* node = part("model")) read_model(*node, as_written, diagnostics_);
    if (const Node* node = part("loss")) read_loss(*node, as_written, diagnostics_);
    if (const Node* node = part("train")) read_train(*node, as_written, diagnostics_);
    if (const Node* node = part("optimizer")) read_optimizer(without_rate_request(*node), registry_, as_written, diagnostics_);
    if (const Node* node = part("schedule")) read_schedule(finder_.without_requests(*node), {1, every_metric()}, registry_, as_written, diagnostics_);
    if (const Node* node = part("schedules")) check_written_schedules(*node, {1, every_metric()}, registry_, diagnostics_);
    if (const Node* node = part("groups")) check_written_groups(*node, diagnostics_);
    if (const Node* node = part("divergence")) read_divergence(*node, diagnostics_);
    if (const Node* node = part("range_test")) read_range_test(*node, diagnostics_);
    if (const Node* node = part("early_stop")) read_early_stop(*node, as_written, diagnostics_);
    if (const Node* node = part("record")) read_record(*node, diagnostics_);
}

const Node* Assembler::written(const Assignment& assignment, const Path& path) {
    PartTrees* trees = trees_of(path.front());
    return trees == nullptr ? nullptr : find_at(trees->tree(trees->number_of(assignment)).root, path);
}

/// The part under this assignment: read when it is first asked for, then remembered.
template <class T, class F>
std::pair<std::size_t, const std::optional<T>*> Assembler::value_of(Part<T>& part, const Assignment& assignment, F&& read) {
    const std::size_t number = part.trees.number_of(assignment);
    const auto [found, is_new] = part.values.try_emplace(number);
    if (is_new) {
        const PartTree& tree = part.trees.tree(number);
        for (const auto& [place, problem] : tree.problems) diagnostics_.error(place, problem.message, problem.hint);
        if (tree.problems.empty()) found->second = read(tree);
    }
    return {number, &found->second};
}

const Node* Assembler::required_part(const PartTree& tree, const std::string& name) {
    if (tree.part == nullptr)
        diagnostics_.error(root_.place, "'" + name + "' is missing");
    else if (tree.part->is_null())
        diagnostics_.error(tree.place, "'" + name + "' has no value");
    else
        return tree.part;
    return nullptr;
}

std::optional<Assembler::DataPart> Assembler::read_data_part(const PartTree& tree) {
    const Node* node = required_part(tree, "data");
    auto component = node == nullptr ? std::nullopt : read_data(*node, Reading::resolved, diagnostics_);
    if (!component) return std::nullopt;
    try {
        const DatasetOutline outline = outline_dataset(*component, paths_);
        return DataPart{std::move(*component), outline};
    } catch (const Error& failure) {
        diagnostics_.error(tree.place, failure.what(), failure.hint());
        return std::nullopt;
    }
}

/// The optimizer with a 1 where its rate is asked for; elsewhere a request is a wrong value.
Node Assembler::without_rate_request(const Node& optimizer) {
    Node node = optimizer;
    if (Node* lr = node.is_mapping() ? node.find("lr") : nullptr) *lr = finder_.without_requests(*lr);
    return node;
}

bool Assembler::find_base_rate(const Numbers& numbers, TrialSpec& spec) {
    Node node = *optimizer_.trees.tree(numbers.optimizer).part;
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
std::optional<Node> Assembler::schedule_node(Numbers& numbers, const TrialSpec& spec, bool can_test) {
    const PartTree& tree = schedule_.trees.tree(numbers.schedule);
    const Node& node = tree.part == nullptr || tree.part->is_null() ? default_schedule_ : *tree.part;
    if (!has_rate_request(node)) return node;
    auto found = can_test ? finder_.with_rates(node, spec) : std::optional(finder_.without_requests(node));
    if (found) numbers.found_rates = flow_text(*found);
    return found;
}

const std::optional<ScheduleSpec>& Assembler::schedule_of(const Numbers& numbers, const Node& node, double base_lr, const std::vector<std::string>& metrics) {
    const auto [found, is_new] = schedules_.try_emplace({numbers.schedule, numbers.found_rates, base_lr, metrics});
    if (is_new) found->second = read_schedule(node, {base_lr, metrics}, registry_, Reading::resolved, diagnostics_);
    return found->second;
}

const std::optional<OtherSchedules>& Assembler::schedules_of(const Numbers& numbers, const OptimizerSpec& optimizer, const TrainSpec& train,
                                                             const std::vector<std::string>& metrics) {
    const auto [found, is_new] = resolved_schedules_.try_emplace({numbers.schedules, numbers.optimizer, numbers.train, metrics});
    if (is_new) {
        const PartTree& tree = parameter_schedules_.trees.tree(numbers.schedules);
        found->second = tree.part == nullptr ? OtherSchedules{} : read_schedules(*tree.part, optimizer, train, {1, metrics}, registry_, diagnostics_);
    }
    return found->second;
}

const std::optional<std::vector<ParameterGroup>>& Assembler::groups_of(const Numbers& numbers, const OptimizerSpec& optimizer) {
    const auto [found, is_new] = resolved_groups_.try_emplace({numbers.groups, numbers.optimizer});
    if (is_new) {
        const PartTree& tree = groups_.trees.tree(numbers.groups);
        found->second = tree.part == nullptr ? std::vector<ParameterGroup>{} : read_groups(*tree.part, optimizer, registry_, diagnostics_);
    }
    return found->second;
}

bool Assembler::groups_fit(const Numbers& numbers, const std::vector<ParameterGroup>& groups, const TrialSpec& spec, const DatasetOutline& outline) {
    if (groups.empty()) return true;
    const auto [found, is_new] = fitting_groups_.try_emplace({numbers.groups, numbers.data, numbers.model});
    if (is_new) {
        const Node& node = *groups_.trees.tree(numbers.groups).part;
        found->second = check_groups(node, groups, tensors_of(spec.model, input_shape(outline.shape)), diagnostics_);
    }
    return found->second;
}

bool Assembler::model_fits(const Numbers& numbers, const TrialSpec& spec, const DatasetOutline& outline) {
    const auto [found, is_new] = fitting_.try_emplace({numbers.data, numbers.model, numbers.loss}, true);
    if (!is_new) return found->second;
    const auto problem = check_model(spec.model, spec.loss, input_shape(outline.shape), outline.classes);
    if (problem) {
        diagnostics_.error(layer_place(model_.trees.tree(numbers.model), problem->layer), problem->message, problem->hint);
    }
    return found->second = !problem;
}

/// Where `schedules:` has the path as a key; the whole of it where a sweep gave it.
const Place& Assembler::place_of_schedule(const Numbers& numbers, const std::string& path) {
    const PartTree& tree = parameter_schedules_.trees.tree(numbers.schedules);
    const Entry* entry = tree.part->find_entry(path);
    return entry == nullptr || !tree.touched.empty() ? tree.place : entry->key_place;
}

std::optional<RunLength> Assembler::run_length(const Numbers& numbers, const TrialSpec& spec, const std::optional<ScheduleSpec>& batch, std::size_t samples) {
    const std::uint64_t accumulated = accumulated_batches(spec.optimizer);
    const auto [found, is_new] = lengths_.try_emplace({numbers.data, numbers.train, accumulated, batch ? std::optional(numbers.schedules) : std::nullopt});
    if (is_new) found->second = batch ? scheduled_length(numbers, spec, *batch, samples) : steady_length(numbers, spec.train, accumulated, samples);
    return found->second;
}

std::optional<RunLength> Assembler::scheduled_length(const Numbers& numbers, TrialSpec spec, const ScheduleSpec& batch, std::size_t samples) {
    spec.batch_schedule = batch;
    const Place& place = place_of_schedule(numbers, "train.batch");
    try {
        const RunPlan plan(spec, SchedulePlugins(registry_, batch), samples);
        const RunLength& length = plan.length();
        if (length.updates > max_updates)
            throw Error("the batches of " + std::to_string(spec.train.epochs) + " epochs are " + std::to_string(length.updates) + " updates, more than " + std::to_string(max_updates));
        const std::uint64_t most = plan.largest_batch() * accumulated_batches(spec.optimizer);
        if (most > samples)
            diagnostics_.warning(place, "a batch of " + std::to_string(most) + " is larger than the training part of " + std::to_string(samples) + " samples: such an epoch is one update");
        return length;
    } catch (const Error& failure) {
        diagnostics_.error(place, failure.what(), failure.hint());
        return std::nullopt;
    }
}

std::optional<RunLength> Assembler::steady_length(const Numbers& numbers, const TrainSpec& train, std::uint64_t accumulated, std::size_t samples) {
    const std::uint64_t in_update = train.batch * accumulated;
    const std::uint64_t per_epoch = train.drop_last ? samples / in_update : (samples + in_update - 1) / in_update;
    const Node& batch = *train_.trees.tree(numbers.train).part->find("batch");
    const std::string sizes = "batch = " + std::to_string(train.batch) +
        (accumulated > 1 ? " times accumulate = " + std::to_string(accumulated) : "") + " is larger than the training part of " + std::to_string(samples) + " samples";
    if (per_epoch > 0 && train.epochs > max_updates / per_epoch) {
        const Node& epochs = *train_.trees.tree(numbers.train).part->find("epochs");
        diagnostics_.error(epochs.place, "epochs = " + std::to_string(train.epochs) + " of " + std::to_string(per_epoch) + " updates are more than " +
                                             std::to_string(max_updates) + " updates");
        return std::nullopt;
    }
    if (per_epoch == 0) {
        diagnostics_.error(batch.place, sizes + ", and `drop_last` leaves nothing");
        return std::nullopt;
    }
    if (in_update > samples) diagnostics_.warning(batch.place, sizes + ": an epoch is one update");
    return RunLength{train.epochs * per_epoch, per_epoch};
}

std::optional<EarlyStopSpec> Assembler::early_stop_of(const EarlyStopSpec& given, const Assignment& assignment, const std::vector<std::string>& metrics) {
    EarlyStopSpec stop = given;
    const auto records = [&](const std::string& metric) { return std::ranges::find(metrics, metric) != metrics.end(); };
    for (const char* metric : {"validation_loss", "test_loss", "train_loss"})
        if (stop.metric.empty() && records(metric)) stop.metric = metric;
    if (records(stop.metric)) return stop;
    const PartTree& tree = early_stop_.trees.tree(early_stop_.trees.number_of(assignment));
    const Node* metric = tree.part->find("metric");
    diagnostics_.error(metric == nullptr ? tree.place : metric->place, "this study records no '" + stop.metric + "'", spelling_hint(stop.metric, metrics));
    return std::nullopt;
}

void Assembler::warn_of_late_average(const Numbers& numbers, const OptimizerSpec& optimizer, const RunLength& length) {
    const auto warning = wrapper_warning(optimizer, length);
    if (warning && late_averages_.insert(numbers.optimizer).second) diagnostics_.warning(optimizer_.trees.tree(numbers.optimizer).place, *warning);
}

const Assembler::Held& Assembler::schedule_held(const Numbers& numbers, const TrialSpec& spec, const RunLength& length) {
    const std::vector<std::string> monitored = spec.schedule.monitor ? std::vector{spec.schedule.monitor->metric} : std::vector<std::string>{};
    const auto [found, is_new] = held_.try_emplace({numbers.schedule, numbers.found_rates, spec.optimizer.lr, monitored, length});
    Held& held = found->second;
    if (!is_new) return held;
    const Place& place = schedule_.trees.tree(numbers.schedule).place;
    const auto warn = [&](FitWarning warning) { held.warnings.push_back({std::move(warning), place}); };
    ScheduleFindings findings;
    std::string hint;
    try {
        const SchedulePlugins plugins = schedule_plugins(registry_, spec);
        findings = check_schedule(plugins, spec.schedule, spec.optimizer.lr, length, first_seed_);
        for (FitWarning& warning : fit_warnings(plugins, spec.schedule, spec.optimizer.lr, length)) warn(std::move(warning));
    } catch (const Error& failure) {
        findings.error = failure.what();
        hint = failure.hint();
    }
    held.good = !findings.error;
    if (findings.error) diagnostics_.error(place, *findings.error, hint);
    if (findings.warning) warn({FitWarning::Reason::first_rate, *findings.warning, "that update changes nothing; `ends: shifted` begins one step later"});
    if (auto split = split_warmup(spec.schedule, length)) warn(std::move(*split));
    return held;
}

const Assembler::Held& Assembler::schedules_held(const Numbers& numbers, const TrialSpec& spec, const RunLength& length) {
    const auto [found, is_new] = held_schedules_.try_emplace({numbers.schedules, numbers.optimizer, numbers.groups, length});
    Held& held = found->second;
    if (!is_new || (spec.schedules.empty() && !spec.batch_schedule)) return held;
    std::optional<std::string> error;
    std::string hint;
    const auto warn_of = [&](const std::string& path, const ScheduleSpec& schedule, double base, const RunLength& time, std::string_view step) {
        for (FitWarning& warning : fit_warnings(schedule_plugins(registry_, spec), schedule, base, time, step)) {
            warning.message = path + ": " + warning.message;
            held.warnings.push_back({std::move(warning), place_of_schedule(numbers, path)});
        }
    };
    try {
        const Plugin& optimizer = registry_.require(PluginKind::optimizer, spec.optimizer.name);
        std::vector<Values> groups;
        for (const ParameterGroup& group : spec.groups) groups.push_back(values_of(group, spec.optimizer.values));
        error = check_parameter_schedules(optimizer, spec.optimizer.values, groups, schedule_plugins(registry_, spec), spec.schedules, length, first_seed_);
        for (const ParameterSchedule& scheduled : spec.schedules) warn_of("optimizer." + scheduled.parameter, scheduled.schedule, spec.optimizer.values.real(scheduled.parameter), length, "update");
        if (spec.batch_schedule) warn_of("train.batch", *spec.batch_schedule, static_cast<double>(spec.train.batch), {.updates = spec.train.epochs, .per_epoch = 1}, "epoch");
    } catch (const Error& failure) {
        error = failure.what();
        hint = failure.hint();
    }
    if (error) diagnostics_.error(parameter_schedules_.trees.tree(numbers.schedules).place, *error, hint);
    held.good = !error;
    return held;
}

/// Every part under the assignment: all are read, so that the errors of all are shown.
Assembler::Parts Assembler::parts_of(const Assignment& assignment) {
    const auto required = [this](const char* name, auto reader) {
        return [this, name, reader](const PartTree& tree) {
            const Node* node = required_part(tree, name);
            return node == nullptr ? decltype(reader(*node)){} : reader(*node);
        };
    };
    const auto with_reading = [this](auto read) { return [this, read](const Node& node) { return read(node, Reading::resolved, diagnostics_); }; };
    const auto optimizer = [this](const Node& node) { return read_optimizer(without_rate_request(node), registry_, Reading::resolved, diagnostics_); };
    Parts parts;
    std::tie(parts.numbers.data, parts.data) = value_of(data_, assignment, [this](const PartTree& tree) { return read_data_part(tree); });
    std::tie(parts.numbers.model, parts.model) = value_of(model_, assignment, required("model", with_reading(read_model)));
    std::tie(parts.numbers.loss, parts.loss) = value_of(loss_, assignment, required("loss", with_reading(read_loss)));
    std::tie(parts.numbers.train, parts.train) = value_of(train_, assignment, required("train", with_reading(read_train)));
    std::tie(parts.numbers.optimizer, parts.optimizer) = value_of(optimizer_, assignment, required("optimizer", optimizer));
    std::tie(parts.numbers.schedule, parts.schedule) =
        value_of(schedule_, assignment, [](const PartTree&) { return std::optional(std::monostate{}); });
    std::tie(parts.numbers.schedules, parts.schedules) =
        value_of(parameter_schedules_, assignment, [](const PartTree&) { return std::optional(std::monostate{}); });
    std::tie(parts.numbers.groups, parts.groups) = value_of(groups_, assignment, [](const PartTree&) { return std::optional(std::monostate{}); });
    std::tie(std::ignore, parts.divergence) = value_of(divergence_, assignment, [this](const PartTree& tree) {
        return tree.part == nullptr ? std::optional(std::optional<double>{}) : read_divergence(*tree.part, diagnostics_);
    });
    std::tie(std::ignore, parts.range_test) = value_of(range_test_, assignment, [this](const PartTree& tree) {
        return tree.part == nullptr ? std::optional(std::optional<RangeTestSpec>{}) : read_range_test(*tree.part, diagnostics_);
    });
    std::tie(std::ignore, parts.early_stop) = value_of(early_stop_, assignment, [this](const PartTree& tree) {
        return tree.part == nullptr ? std::optional(std::optional<EarlyStopSpec>{}) : read_early_stop(*tree.part, Reading::resolved, diagnostics_);
    });
    std::tie(std::ignore, parts.record) = value_of(record_, assignment, [this](const PartTree& tree) {
        return tree.part == nullptr ? std::optional(RecordSpec{}) : read_record(*tree.part, diagnostics_);
    });
    return parts;
}

std::optional<Assembled> Assembler::assemble(const Assignment& assignment) {
    Parts parts = parts_of(assignment);
    Assembled result;
    TrialSpec& spec = result.spec;
    result.data = parts.numbers.data;
    // Each check needs some of the parts only: an error in one part does not hide those of the others.
    result.metrics = every_metric();
    if (*parts.data) {
        const DatasetOutline& outline = (*parts.data)->outline;
        result.metrics = metric_names(outline.classes > 0, outline.test > 0, outline.validation > 0);
        spec.data = (*parts.data)->component;
    }
    if (*parts.model) spec.model = **parts.model;
    if (*parts.loss) spec.loss = **parts.loss;
    if (*parts.train) spec.train = **parts.train;
    if (*parts.optimizer) spec.optimizer = **parts.optimizer;
    if (*parts.divergence) spec.loss_above = **parts.divergence;
    const bool fits = *parts.data && *parts.model && *parts.loss && model_fits(parts.numbers, spec, (*parts.data)->outline);
    std::optional<std::vector<ParameterGroup>> groups;
    if (*parts.groups && *parts.optimizer) groups = groups_of(parts.numbers, spec.optimizer);
    const bool groups_match = groups && fits && groups_fit(parts.numbers, *groups, spec, (*parts.data)->outline);
    std::optional<OtherSchedules> schedules;
    if (*parts.schedules && *parts.optimizer && *parts.train) schedules = schedules_of(parts.numbers, spec.optimizer, spec.train, result.metrics);
    std::optional<RunLength> length;
    if (*parts.data && *parts.train)
        length = run_length(parts.numbers, spec, schedules ? schedules->batch : std::nullopt, (*parts.data)->outline.train);
    if (groups) spec.groups = *groups;
    const bool can_test = fits && groups_match && length && *parts.optimizer && *parts.divergence && !diagnostics_.has_errors();
    if (can_test && !find_base_rate(parts.numbers, spec)) return std::nullopt;
    std::optional<ScheduleSpec> schedule;
    if (*parts.schedule)
        if (const auto node = schedule_node(parts.numbers, spec, can_test))
            schedule = schedule_of(parts.numbers, *node, *parts.optimizer ? spec.optimizer.lr : 1.0, result.metrics);

    if (!fits || !groups_match || !length || !schedule || !schedules || !*parts.optimizer || !*parts.divergence || !*parts.range_test || !*parts.early_stop || !*parts.record)
        return std::nullopt;
    if (**parts.early_stop && !(spec.early_stop = early_stop_of(***parts.early_stop, assignment, result.metrics))) return std::nullopt;
    spec.schedule = *schedule;
    spec.schedules = schedules->parameters;
    spec.batch_schedule = schedules->batch;
    spec.record_lr_per_update = (*parts.record)->lr_per_update;
    spec.instruments = (*parts.record)->instruments;
    spec.range_test = **parts.range_test;
    if (spec.range_test) {
        spec.optimizer.lr = spec.range_test->from;  // neither matters: trials that differ in them alone are one
        spec.train.epochs = 1;
        spec.record_lr_per_update = true;
        spec.instruments = {};
        result.metrics = range_metrics();
    }
    std::ranges::copy(instrument_names(spec.instruments), std::back_inserter(result.metrics));
    if (!spec.range_test) warn_of_late_average(parts.numbers, spec.optimizer, *length);
    const Held &held = schedule_held(parts.numbers, spec, *length), &others = schedules_held(parts.numbers, spec, *length);
    if (!held.good || !others.good) return std::nullopt;
    result.schedule = parts.numbers.schedule;
    result.schedule_place = schedule_.trees.tree(parts.numbers.schedule).place;
    result.length = *length;
    result.warnings = held.warnings;
    result.warnings.insert(result.warnings.end(), others.warnings.begin(), others.warnings.end());
    return result;
}

}  // namespace etude
