// `etude merge`: shards of one study, run on several machines or with several seeds, made one folder of results.
#include "interchange/merge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/command.hpp"
#include "cli/differences_text.hpp"
#include "report/report.hpp"

namespace etude::cli {
namespace {

struct MergeOptions {
    std::vector<std::filesystem::path> folders;
    std::filesystem::path out;
};

void print_conflicts(const std::vector<MergeConflict>& conflicts) {
    constexpr std::size_t most_shown = 10;
    if (conflicts.empty()) return;
    fmt::print(stderr, "warning: {} {} other results in another folder; those of the folder named first are kept:\n", conflicts.size(),
               conflicts.size() == 1 ? "trial has" : "trials have");
    for (std::size_t i = 0; i < std::min(conflicts.size(), most_shown); ++i) {
        const MergeConflict& conflict = conflicts[i];
        fmt::print(stderr, "{}",
                   comparison_text(fmt::format("{}, {} and {}", conflict.id, conflict.kept.string(), conflict.other.string()), conflict.comparison));
    }
    if (conflicts.size() > most_shown) fmt::print(stderr, "  and {} more\n", conflicts.size() - most_shown);
}

int merge(const MergeOptions& options) {
    const MergeResult result = merge_folders(options.folders, options.out);
    print_conflicts(result.conflicts);
    const Store store = Store::open(options.out, Store::Access::read);
    write_tables(store);
    const ReportFiles report = write_report(store);
    fmt::print("{}: {} trials of {} folders", store.plan().study, result.trials, options.folders.size());
    if (result.duplicates > 0) fmt::print(", {} of them in more than one", result.duplicates);
    fmt::print("\n{}", summary_text(store));
    fmt::print("report: {}\n", report.page.string());
    if (!result.can_resume)
        fmt::print(stderr, "note: the folders differ in more than seeds and sweeps, so there is no resolved.yaml: "
                           "to add trials, run a study file with --out {}\n", options.out.string());
    return success;
}

}  // namespace

void add_merge(CLI::App& app, Action& action) {
    auto options = std::make_shared<MergeOptions>();
    CLI::App* command = app.add_subcommand("merge", "Make one folder of results from several of the same study");
    command->add_option("folders", options->folders, "Folders of results of one study")->required()->type_name("DIR...");
    command->add_option("--out", options->out, "The new folder")->required()->type_name("DIR");
    command->callback([options, &action] { action = [options] { return merge(*options); }; });
}

}  // namespace etude::cli
