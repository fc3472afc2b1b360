#include "study/run_checks.hpp"

#include "plugin/parameter_schedules.hpp"
#include "plugin/warmup.hpp"
#include "train/groups.hpp"
#include "train/run_trial.hpp"
#include "wrappers/kinds.hpp"

namespace etude {
namespace {

std::uint64_t first_update_of_epoch(const EpochTable& epochs, std::uint64_t update) {
    return epochs.is_empty() ? 0 : static_cast<std::uint64_t>(epochs.update_at(static_cast<double>(epochs.epoch_of(update))));
}

/// A warm-up that ends inside an epoch before a schedule that changes with epochs.
std::optional<FitWarning> split_warmup(const ScheduleSpec& schedule, const RunLength& length) {
    if (!schedule.warmup || schedule.unit != ScheduleUnit::epoch) return std::nullopt;
    const std::uint64_t updates = warmup_updates(*schedule.warmup, schedule.unit, length, 0), per_epoch = length.updates_in_epoch_of(updates);
    if ((updates - first_update_of_epoch(length.epochs, updates)) % per_epoch == 0) return std::nullopt;
    return FitWarning{FitWarning::Reason::split_warmup,
                      "the warm-up ends inside an epoch (" + std::to_string(updates) + " updates, an epoch has " + std::to_string(per_epoch) +
                          "), but the schedule changes by `unit: epoch`",
                      ""};
}

}  // namespace

std::optional<std::vector<PlacedWarning>> RunChecks::check(const TrialParts& parts, const std::string& found_rates, const TrialSpec& spec,
                                                           const RunLength& length) {
    if (!spec.range_test) warn_of_late_average(parts, spec, length);
    const Findings &rate = check_rate(parts, found_rates, spec, length), &others = check_others(parts, spec, length);
    if (!rate.good || !others.good) return std::nullopt;
    std::vector<PlacedWarning> warnings = rate.warnings;
    warnings.insert(warnings.end(), others.warnings.begin(), others.warnings.end());
    return warnings;
}

void RunChecks::warn_of_late_average(const TrialParts& parts, const TrialSpec& spec, const RunLength& length) {
    const auto warning = wrapper_warning(spec.optimizer, length);
    if (warning && late_averages_.insert(parts.optimizer.number).second) diagnostics_.warning(parts.optimizer.tree->place, *warning);
}

const RunChecks::Findings& RunChecks::check_rate(const TrialParts& parts, const std::string& found_rates, const TrialSpec& spec,
                                                 const RunLength& length) {
    const Names monitored = spec.schedule.monitor ? Names{spec.schedule.monitor->metric} : Names{};
    const auto [found, is_new] = rates_.try_emplace({parts.schedule.number, found_rates, spec.optimizer.lr, monitored, length});
    Findings& result = found->second;
    if (!is_new) return result;
    const Place& place = parts.schedule.tree->place;
    const auto warn = [&](FitWarning warning) { result.warnings.push_back({std::move(warning), place}); };
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
    result.good = !findings.error;
    if (findings.error) diagnostics_.error(place, *findings.error, hint);
    if (findings.warning)
        warn({FitWarning::Reason::first_rate, *findings.warning, "that update changes nothing; `ends: shifted` begins one step later"});
    if (auto split = split_warmup(spec.schedule, length)) warn(std::move(*split));
    return result;
}

const RunChecks::Findings& RunChecks::check_others(const TrialParts& parts, const TrialSpec& spec, const RunLength& length) {
    const auto [found, is_new] = others_.try_emplace({parts.schedules.number, parts.optimizer.number, parts.groups.number, length});
    Findings& result = found->second;
    if (!is_new || (spec.schedules.empty() && !spec.batch_schedule)) return result;
    std::optional<std::string> error;
    std::string hint;
    try {
        const Plugin& optimizer = registry_.require(PluginKind::optimizer, spec.optimizer.name);
        const Values& values = spec.optimizer.values;
        std::vector<Values> groups;
        for (const ParameterGroup& group : spec.groups) groups.push_back(values_of(group, values));
        error = check_parameter_schedules(optimizer, values, groups, schedule_plugins(registry_, spec), spec.schedules, length, first_seed_);
        result.warnings = misfits_of_others(*parts.schedules.tree, spec, length);
    } catch (const Error& failure) {
        error = failure.what();
        hint = failure.hint();
    }
    if (error) diagnostics_.error(parts.schedules.tree->place, *error, hint);
    result.good = !error;
    return result;
}

/// Of the optimizer's parameters in the time of updates, of the batch in that of epochs.
std::vector<PlacedWarning> RunChecks::misfits_of_others(const PartTree& schedules, const TrialSpec& spec, const RunLength& length) {
    std::vector<PlacedWarning> misfits;
    const SchedulePlugins plugins = schedule_plugins(registry_, spec);
    const auto look_at = [&](const std::string& path, const ScheduleSpec& schedule, double base, const RunLength& time, std::string_view step) {
        for (FitWarning& warning : fit_warnings(plugins, schedule, base, time, step)) {
            warning.message = path + ": " + warning.message;
            misfits.push_back({std::move(warning), schedules.place_of_key(path)});
        }
    };
    for (const auto& [parameter, schedule] : spec.schedules)
        look_at("optimizer." + parameter, schedule, spec.optimizer.values.real(parameter), length, "update");
    const RunLength epochs{.updates = spec.train.epochs, .per_epoch = 1};
    if (spec.batch_schedule) look_at("train.batch", *spec.batch_schedule, static_cast<double>(spec.train.batch), epochs, "epoch");
    return misfits;
}

}  // namespace etude
