// `etude find-lr`: the study as a range test, swept over seeds like any study; then what its curves suggest.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/signals.hpp"
#include "cli/targets.hpp"
#include "report/report.hpp"
#include "sweep/sweep.hpp"

namespace etude::cli {
namespace {

struct FindOptions {
    std::filesystem::path target, out;
    std::vector<std::string> overrides;
    RangeTestSpec test;
    bool linear = false;
    std::uint64_t seeds = 10;
    std::size_t workers = std::max(1u, std::thread::hardware_concurrency());
    Places places;
};

/// What turns the study into its range test; what the user gives comes after and wins.
std::vector<std::string> range_overrides(const FindOptions& options, const std::string& name) {
    const RangeTestSpec& test = options.test;
    std::vector<std::string> overrides{
        "study=" + name + ".find-lr", "seeds=" + std::to_string(options.seeds),
        fmt::format("range_test={{from: {}, to: {}, updates: {}, ramp: {}, smoothing: {}, stop_at: {}}}", number(test.from), number(test.to),
                    test.updates, word(options.linear ? RangeTestSpec::Ramp::linear : RangeTestSpec::Ramp::exponential), number(test.smoothing),
                    number(test.stop_at))};
    overrides.insert(overrides.end(), options.overrides.begin(), options.overrides.end());
    return overrides;
}

int finish(const SweepResult& result, const Store& store, const Study& study) {
    const Findings findings(store);
    write_tables(findings);
    if (result.stopped) {
        const std::size_t done = result.already_done + result.completed + result.diverged;
        fmt::print(stderr, "interrupted: {} of {} trials are kept in {}; the same command continues\n", done, study.plan().trials.size(),
                   store.folder().string());
        return 128 + caught_signal();
    }
    const ReportFiles report = write_report(findings);
    fmt::print("{}", summary_text(findings));
    fmt::print("report: {}\n", report.page.string());
    for (const std::string& failure : result.failures) fmt::print(stderr, "  failed: {}\n", failure);
    return result.failed == 0 ? success : trial_failed;
}

int find_rates(const StudyTarget& target, const FindOptions& options, Registry& registry, const std::atomic<bool>& stop) {
    const DataPaths data = options.places.data_paths(target.file.parent_path());
    const Study study = Study::read(target.file, registry, {.overrides = range_overrides(options, study_name(target.file)), .data = data});
    if (!study.warnings().empty()) fmt::print(stderr, "{}", study.warnings());
    const std::filesystem::path folder = options.out.empty() ? std::filesystem::path(target.folder.string() + ".find-lr") : target.folder;
    Store store = Store::open(folder, Store::Access::write, study.name());
    write_file(folder / "study.yaml", study.text());
    write_file(folder / "resolved.yaml", study.resolved());
    const std::size_t workers = fitting_workers(options.workers, most_threads(study));
    const auto executor = make_executor(workers);
    const SweepResult result = run_sweep(study, registry, store, *executor,
                                         {.data = data, .workers = workers, .progress = stderr, .stop = &stop});
    return finish(result, store, study);
}

int find_lr(const FindOptions& options) {
    if (!(options.test.to > options.test.from))
        throw Error("--from " + number(options.test.from) + " --to " + number(options.test.to) + ": the rates do not rise",
                    "--to must lie above --from");
    const std::vector<StudyTarget> targets = find_targets(options.target, options.out);
    Registry registry = options.places.registry();
    const std::atomic<bool>& stop = watch_signals();
    int code = success;
    for (std::size_t i = 0; i < targets.size() && !stop.load(); ++i) {
        if (i > 0) fmt::print("\n");
        code = std::max(code, find_rates(targets[i], options, registry, stop));
    }
    return code;
}

}  // namespace

void add_find_lr(CLI::App& app, Action& action) {
    auto options = std::make_shared<FindOptions>();
    CLI::App* command = app.add_subcommand("find-lr", "Raise the rate from update to update and see where the loss falls and where it diverges");
    command->add_option("study", options->target, "Study file, folder of studies, or folder of results")->required()->type_name("STUDY.yaml|FOLDER");
    command->add_option("overrides", options->overrides, "Values that win over the file, as for `run`")->type_name("path=value");
    command->add_option("--from", options->test.from, "Rate of the first update (1e-6)")->check(CLI::PositiveNumber)->type_name("R");
    command->add_option("--to", options->test.to, "Rate of the last update (10)")->check(CLI::PositiveNumber)->type_name("R");
    command->add_option("--updates", options->test.updates, "Updates of a test (300)")->check(CLI::Range(20, 1'000'000))->type_name("N");
    command->add_flag("--linear", options->linear, "A linear ramp instead of an exponential one");
    command->add_option("--smoothing", options->test.smoothing, "What each smoothed loss keeps of the one before it (0.9)")
        ->check(CLI::Range(0.0, 0.9999))
        ->type_name("B");
    command->add_option("--stop-at", options->test.stop_at, "Diverged at so many times the lowest smoothed loss (4)")
        ->check(CLI::Range(1.001, 1e12))
        ->type_name("X");
    command->add_option("--seeds", options->seeds, "Tests of each configuration, seeds 0, 1, ... (10)")
        ->check(CLI::Range(1, 1'000'000))
        ->type_name("K");
    command->add_option("-j,--jobs", options->workers, "Tests at a time; one per core unless given")->check(CLI::Range(1, 4096))->type_name("N");
    command->add_option("--out", options->out, "The folder of the results (default: runs/<study>.find-lr)")->type_name("DIR");
    add_data_option(*command, options->places);
    add_plugin_option(*command, options->places);
    command->callback([options, &action] { action = [options] { return find_lr(*options); }; });
}

}  // namespace etude::cli
