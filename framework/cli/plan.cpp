// `etude plan`: what a run would do, and about how long it would take.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <thread>

#include "cli/command.hpp"
#include "cli/plan_text.hpp"
#include "cli/targets.hpp"
#include "store/store.hpp"
#include "sweep/progress.hpp"
#include "sweep/sweep.hpp"
#include "sweep/trainers.hpp"
#include "train/run_trial.hpp"

namespace etude::cli {
namespace {

struct PlanOptions {
    std::filesystem::path target, out;
    std::vector<std::string> overrides;
    std::size_t workers = std::max(1u, std::thread::hardware_concurrency());
    Places places;
};

/// Mean time of the plan's trials that are done.
std::optional<double> seconds_from_results(const StudyTarget& target, const Study& study, const std::set<std::string>& done) {
    if (done.empty()) return std::nullopt;
    const Store store = Store::open(target.folder, Store::Access::read, study.name());
    double total = 0;
    std::size_t count = 0;
    for (const PlannedTrial& trial : study.plan().trials)
        if (const auto stored = store.find(trial.id)) total += stored->record.wall_seconds, ++count;
    if (count == 0) return std::nullopt;
    return total / static_cast<double>(count);
}

/// One epoch of the first missing trial, run here and thrown away.
std::optional<double> seconds_from_probe(const Study& study, Registry& registry, const DataPaths& data, std::size_t first) {
    TrialSpec trial = study.trial(first);
    const double epochs = static_cast<double>(trial.train.epochs);
    trial.train.epochs = 1;
    const auto samples = load_dataset(trial.data, data);
    const auto record = run_trial(trial, {.optimizer = registry.require(PluginKind::optimizer, trial.optimizer.name),
                                          .schedule = schedule_plugins(registry, trial), .data = *samples});
    if (!record || record->status == Status::failed) return std::nullopt;
    return record->wall_seconds * epochs;
}

int plan(const PlanOptions& options) {
    Registry registry = options.places.registry();
    for (const StudyTarget& target : find_targets(options.target, options.out)) {
        const DataPaths data = options.places.data_paths(target.file.parent_path());
        const Study study = Study::read(target.file, registry,
                                        {.overrides = options.overrides, .data = data, .train = make_trainer(registry, data, options.workers)});
        if (!study.warnings().empty()) fmt::print(stderr, "{}", study.warnings());
        const std::set<std::string> done = done_trials(target.folder, study.plan());
        fmt::print("{}", plan_text(study, done));
        const std::vector<std::size_t> missing = missing_trials(study.plan(), done);
        if (missing.empty()) continue;
        std::optional<double> seconds = seconds_from_results(target, study, done);
        if (!seconds) seconds = seconds_from_probe(study, registry, data, missing.front());
        const std::size_t workers = fitting_workers(options.workers, most_threads(study));
        if (seconds)
            fmt::print("about {} on {} {}\n", duration_text(*seconds * static_cast<double>(missing.size()) / static_cast<double>(workers)), workers,
                       workers == 1 ? "worker" : "workers");
    }
    return success;
}

}  // namespace

void add_plan(CLI::App& app, Action& action) {
    auto options = std::make_shared<PlanOptions>();
    CLI::App* command = app.add_subcommand("plan", "Show the trials a run would do: ids, which are done, how long it would take");
    command->add_option("study", options->target, "Study file, folder of studies, or folder of results")->required()->type_name("STUDY.yaml|FOLDER");
    command->add_option("overrides", options->overrides, "Values that win over the file, as for `run`")->type_name("path=value");
    command->add_option("-j,--jobs", options->workers, "Trials at a time, for the estimate")->check(CLI::Range(1, 4096))->type_name("N");
    command->add_option("--out", options->out, "The study's folder of results, as for `run`")->type_name("DIR");
    add_data_option(*command, options->places);
    add_plugin_option(*command, options->places);
    command->callback([options, &action] { action = [options] { return plan(*options); }; });
}

}  // namespace etude::cli
