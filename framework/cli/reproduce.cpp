// `etude reproduce`: a recorded run done again here; bit-equal, statistically equal, or different.
#include "interchange/reproduction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "base/files.hpp"
#include "base/scratch_folder.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/differences_text.hpp"
#include "report/report.hpp"

namespace etude::cli {
namespace {

namespace fs = std::filesystem;

struct ReproduceOptions {
    fs::path file, out;
    std::string count = "all";
    std::size_t workers = std::max(1u, std::thread::hardware_concurrency());
    Places places;
};

void print_head(const RunRecord& record) {
    fmt::print("{}: {} trials of {} configurations, recorded by etude {}\n", record.plan.study, record.trials.size(),
               record.plan.configurations.size(), record.etude);
    std::vector<std::string> carried;
    for (const RecordedPlugin& plugin : record.plugins)
        if (!plugin.files.empty()) carried.push_back(plugin.files.front().path);
    if (!carried.empty()) fmt::print("plugins in the record: {}\n", join(carried, ", "));
    std::fflush(stdout);
}

/// The trials that are not the same, the first of them whole.
void print_differences(const RunRecord& record, const Reproduction& result) {
    constexpr std::size_t most_shown = 3;
    std::size_t different = 0, numbers = 0, all = 0;
    for (std::size_t i = 0; i < result.comparisons.size(); ++i) {
        const RecordComparison& comparison = result.comparisons[i];
        all += comparison.numbers, numbers += comparison.different_numbers();
        if (comparison.are_equal()) continue;
        if (different++ < most_shown) fmt::print("{}", comparison_text(trial_title(record.plan, result.places[i]), comparison));
    }
    if (different > most_shown) fmt::print("  and {} more\n", different - most_shown);
    fmt::print("not bit-equal: {} of {} trials differ, in {} of {} numbers\n", different, result.comparisons.size(), numbers, all);
}

std::string cell(const std::optional<double>& value) { return value ? fmt::format("{:.6g}", *value) : "-"; }

void print_statistics(const RunRecord& record, const StatisticalCheck& check) {
    fmt::print("{} paired by seed, recorded minus here:\n", record.plan.metric.name);
    for (const ConfigurationCheck& one : check.configurations) {
        const auto& interval = one.t.difference.interval;
        fmt::print("  {}: n {}, recorded {}, here {}, difference {} (95 % interval {} to {}), p {}{}\n",
                   record.plan.configurations[one.configuration].label, one.t.difference.n, cell(one.recorded), cell(one.here),
                   cell(one.t.difference.mean), cell(interval ? std::optional(interval->low) : std::nullopt),
                   cell(interval ? std::optional(interval->high) : std::nullopt), cell(one.p),
                   one.unmatched > 0 ? fmt::format(", {} seeds without a partner", one.unmatched) : "");
    }
    const std::string test = fmt::format("{}, Holm-adjusted over {} configurations", check.decided_by_ranks ? "signed ranks" : "paired t",
                                         check.configurations.size());
    switch (check.verdict) {
        case Verdict::statistically_equal: fmt::print("statistically equal: no configuration differs at the 5 % level ({})\n", test); break;
        case Verdict::undecided:
            fmt::print("undecided: with one seed a configuration there is no test; only the bits say that it is not the same\n");
            break;
        default: fmt::print("different: not the recorded results at the 5 % level ({})\n", test);
    }
}

void keep(const RunRecord& record, const Reproduction& result, const fs::path& folder) {
    results_of(plan_of(record.plan, result.places, result.trials), result.trials, folder);
    if (!record.study.empty()) write_file(folder / "study.yaml", record.study);
    if (!record.resolved.empty()) write_file(folder / "resolved.yaml", record.resolved);
    const Store store = Store::open(folder, Store::Access::read);
    write_tables(store);
    fmt::print("report: {}\n", write_report(store).page.string());
}

int judge(const RunRecord& record, const Reproduction& result) {
    std::size_t numbers = 0;
    for (const RecordComparison& comparison : result.comparisons) numbers += comparison.numbers;
    if (result.is_bit_equal()) {
        fmt::print("bit-equal: {} of {} trials, {} numbers\n", result.trials.size(), record.trials.size(), numbers);
        return success;
    }
    print_differences(record, result);
    const StatisticalCheck check = check_statistics(results_of(plan_of(record.plan, result.places, result.recorded), result.recorded, {}),
                                                    results_of(plan_of(record.plan, result.places, result.trials), result.trials, {}));
    print_statistics(record, check);
    return check.verdict == Verdict::statistically_equal ? success : trial_failed;
}

int reproduce_file(ReproduceOptions options) {
    const std::optional<std::size_t> count = trial_count(options.count);
    if (!options.out.empty() && fs::exists(options.out / "etude.sqlite"))
        throw Error(options.out.string() + ": holds results already", "choose an empty or new folder with `--out`");
    const RunRecord record = parse_run_record(read_file(options.file), options.file.string());
    print_head(record);
    const ScratchFolder scratch;
    for (const fs::path& plugin : unpack(record, scratch.path())) options.places.plugins.push_back(plugin);  // after those that are given, which win
    Registry registry = options.places.registry();
    DataPaths data = options.places.data_paths(options.file.parent_path());
    data.beside.push_back(scratch.path() / "data");
    const Reproduction result = reproduce(record, count, registry, data, options.workers);
    for (const std::string& change : result.changes) fmt::print("not as recorded: {}\n", change);
    if (result.changes.empty()) fmt::print("plugins, data, CPU, instructions, oneDNN, compiler and etude's version are those recorded\n");
    const int code = judge(record, result);
    if (!options.out.empty()) keep(record, result, options.out);
    return code;
}

}  // namespace

void add_reproduce(CLI::App& app, Action& action) {
    auto options = std::make_shared<ReproduceOptions>();
    CLI::App* command = app.add_subcommand("reproduce", "Do a recorded run again: bit-equal, statistically equal, or different");
    command->add_option("record", options->file, "What `etude export DIR --to record` wrote; plugins whose sources it carries are compiled and run")
        ->required()
        ->type_name("FILE");
    command->add_option("-n", options->count, "So many trials, spread evenly; 0 or `all` for all (default: all)")->type_name("K|all");
    command->add_option("-j,--jobs", options->workers, "Trials at a time; one per core unless given")->check(CLI::Range(1, 4096))->type_name("N");
    command->add_option("--out", options->out, "Keep what is run here as a folder of results")->type_name("DIR");
    add_data_option(*command, options->places);
    add_plugin_option(*command, options->places);
    command->callback([options, &action] { action = [options] { return reproduce_file(*options); }; });
}

}  // namespace etude::cli
