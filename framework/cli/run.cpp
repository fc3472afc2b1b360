// `etude run`: read, sweep what is missing, tables, report, answer.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "base/files.hpp"
#include "cli/command.hpp"
#include "cli/plan_text.hpp"
#include "cli/signals.hpp"
#include "cli/targets.hpp"
#include "cli/watch.hpp"
#include "plugin/compile.hpp"
#include "report/report.hpp"
#include "study/document.hpp"
#include "sweep/progress.hpp"
#include "sweep/sweep.hpp"
#include "sweep/trainers.hpp"

namespace etude::cli {
namespace {

struct RunOptions {
    std::filesystem::path target, out;
    std::vector<std::string> overrides;
    std::size_t workers = std::max(1u, std::thread::hardware_concurrency());
    bool fail_fast = false, dry_run = false, watch = false;
    Places places;
};

void print_failures(const SweepResult& result) {
    fmt::print(stderr, "{} {} failed and will be tried again by the next run:\n", result.failed, result.failed == 1 ? "trial" : "trials");
    for (const std::string& failure : result.failures) fmt::print(stderr, "  {}\n", failure);
}

int finish(const SweepResult& result, const Store& store, const Study& study) {
    for (const std::string& warning : result.warnings) fmt::print(stderr, "warning: {}\n", warning);
    const Findings findings(store);
    write_tables(findings);
    if (result.stopped) {
        const std::size_t done = result.already_done + result.completed + result.diverged + result.pruned;
        fmt::print(stderr, "interrupted: {} of {} trials are kept in {}; the same command continues\n", done, study.plan().trials.size(),
                   store.folder().string());
        return 128 + caught_signal();
    }
    const ReportFiles report = write_report(findings);
    fmt::print("{}", summary_text(findings));
    fmt::print("report: {}\n", report.page.string());
    if (result.pruned > 0)
        fmt::print(stderr, "{} {} pruned by {}\n", result.pruned, result.pruned == 1 ? "trial was" : "trials were",
                   pruning_text(*study.plan().pruning));
    if (result.out_of_time)
        fmt::print(stderr, "the time is up: {} of {} trials are kept in {}; the same command continues\n",
                   result.already_done + result.completed + result.diverged + result.pruned, study.plan().trials.size(), store.folder().string());
    if (result.failed == 0) return success;
    print_failures(result);
    return trial_failed;
}

int run_study(const StudyTarget& target, const RunOptions& options, Registry& registry, const std::atomic<bool>& stop) {
    const DataPaths data = options.places.data_paths(target.file.parent_path());
    const Study study = Study::read(target.file, registry,
                                    {.overrides = options.overrides, .data = data, .train = make_trainer(registry, data, options.workers)});
    if (!study.warnings().empty()) fmt::print(stderr, "{}", study.warnings());
    if (options.dry_run) {
        fmt::print("{}", plan_text(study, done_trials(target.folder, study.plan())));
        return success;
    }
    Store store = Store::open(target.folder, Store::Access::write, study.name());
    if (!target.resumes) write_file(target.folder / "study.yaml", study.text());
    write_file(target.folder / "resolved.yaml", study.resolved());

    const std::size_t total = study.plan().trials.size();
    fmt::print("{}: {} {}, {} {}\n", study.name(), total, total == 1 ? "trial" : "trials", study.plan().configurations.size(),
               study.plan().configurations.size() == 1 ? "configuration" : "configurations");
    std::fflush(stdout);
    const std::size_t workers = fitting_workers(options.workers, most_threads(study));
    const auto executor = make_executor(workers);
    const SweepResult result = run_sweep(study, registry, store, *executor,
                                         {.data = data, .workers = workers, .fail_fast = options.fail_fast, .progress = stderr, .stop = &stop});
    if (result.already_done > 0) fmt::print("{} of {} trials were done already\n", result.already_done, total);
    if (result.continued > 0)
        fmt::print("{} {}\n", result.continued,
                   result.continued == 1 ? "trial went on from its checkpoint" : "trials went on from their checkpoints");
    return finish(result, store, study);
}

int run_all(const RunOptions& options, const std::atomic<bool>& stop) {
    const std::vector<StudyTarget> targets = find_targets(options.target, options.out);
    Registry registry = options.places.registry();
    int code = success;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        if (i > 0) fmt::print("\n");
        const int result = run_study(targets[i], options, registry, stop);
        if (stop.load()) return result;
        code = std::max(code, result);
    }
    return code;
}

/// The study with its includes, and the plugins' sources with theirs.
std::vector<std::filesystem::path> watched_files(const RunOptions& options) {
    std::vector<std::filesystem::path> files = files_of_study(options.target);
    for (const std::filesystem::path& place : options.places.plugins)
        if (place.extension() == ".cpp")
            for (const std::filesystem::path& file : with_own_headers(place)) files.push_back(file);
    return files;
}

/// Runs, then again whenever something is saved: the ids of trials know what has changed. Only a signal ends it.
int run_and_watch(const RunOptions& options, const std::atomic<bool>& stop) {
    if (!std::filesystem::is_regular_file(options.target))
        throw Error(options.target.string() + " is no study file, which --watch needs", "a study is a YAML file; `experiments/` has many");
    for (;;) {
        FileWatch watch(watched_files(options));  // before the run: a file may be saved during it
        try {
            run_all(options, stop);
        } catch (const Error& error) {
            print_error(error);
        }
        std::fflush(stdout);
        if (!stop.load()) fmt::print(stderr, "watching {}; Ctrl-C ends\n", options.target.string());
        if (!watch.wait(stop)) return 128 + caught_signal();
        fmt::print("\n");
    }
}

int run(const RunOptions& options) {
    const std::atomic<bool>& stop = watch_signals();
    return options.watch ? run_and_watch(options, stop) : run_all(options, stop);
}

}  // namespace

void add_run(CLI::App& app, Action& action) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* command = app.add_subcommand("run", "Run a study, every study of a folder, or what is missing in a folder of results");
    command->add_option("study", options->target, "Study file, folder of studies, or folder of results")->required()->type_name("STUDY.yaml|FOLDER");
    command->add_option("overrides", options->overrides, "Values that win over the file: optimizer.lr=0.1, seeds=3, sweep.optimizer.lr=[0.1, 0.01]")
        ->type_name("path=value");
    command->add_option("-j,--jobs", options->workers, "Trials at a time; one per core unless given")->check(CLI::Range(1, 4096))->type_name("N");
    command->add_option("--out", options->out, "The study's folder (default: runs/<study>); for several studies the folder of their folders")
        ->type_name("DIR");
    add_data_option(*command, options->places);
    add_plugin_option(*command, options->places);
    command->add_flag("--fail-fast", options->fail_fast, "Stop at the first trial that fails");
    command->add_flag("--dry-run", options->dry_run, "Check everything and show the plan; run nothing");
    command->add_flag("--watch", options->watch, "Run again whenever the study, a plugin's source, or what either includes is saved; Ctrl-C ends");
    command->callback([options, &action] { action = [options] { return run(*options); }; });
}

}  // namespace etude::cli
