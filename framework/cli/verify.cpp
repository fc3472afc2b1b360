// `etude verify`: trials run again from what the store keeps of them, every number compared bit for bit.
#include "interchange/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/differences_text.hpp"

namespace etude::cli {
namespace {

struct VerifyOptions {
    std::filesystem::path folder;
    std::string count = "5";
    std::size_t workers = std::max(1u, std::thread::hardware_concurrency());
    Places places;
};

/// What changed that an id, or a provenance, knows of, each once; or that nothing has.
void print_changes(const std::vector<UsedPlugin>& plugins, const std::vector<VerifiedTrial>& trials, Registry& registry) {
    std::vector<std::string> changes = plugin_changes(plugins, registry);
    const bool has_plugin = !changes.empty() || plugins.empty();  // perhaps
    const Provenance here = provenance_here();
    for (const VerifiedTrial& trial : trials)
        for (const std::string& change : changes_since(trial.stored.provenance, here))
            if (std::ranges::find(changes, change) == changes.end()) changes.push_back(change);
    const auto has_other_id = [](const VerifiedTrial& trial) { return trial.id_now != trial.stored.id; };
    const auto others = std::ranges::count_if(trials, has_other_id);
    if (others > 0)
        fmt::print("{} of {} would have another id now: the bytes of their {}, or etude's numerics, have changed since they ran\n", others,
                   trials.size(), has_plugin ? "plugins or data" : "data");
    for (const std::string& change : changes) fmt::print("ran with {}\n", change);
    if (changes.empty() && others == 0)
        fmt::print("plugins, data, CPU, instructions, oneDNN, compiler and etude's version are those that they ran with\n");
    else if (plugins.empty() && others > 0)
        fmt::print("which plugins they ran with is not known: an earlier etude kept no hashes\n");
}

int verify(const VerifyOptions& options) {
    const std::optional<std::size_t> count = trial_count(options.count);
    const Store store = Store::open(options.folder, Store::Access::read);
    const std::vector<std::size_t> places = trials_to_verify(store, count);
    fmt::print("{}: running {} of {} trials again\n", store.plan().study, places.size(), store.plan().trials.size());
    std::fflush(stdout);
    Registry registry = options.places.registry();
    const auto trials = verify_trials(store, places, registry, options.places.data_paths(options.folder), options.workers);
    const Plan plan = store.plan();
    std::size_t numbers = 0, different = 0;
    for (const VerifiedTrial& trial : trials) {
        numbers += trial.comparison.numbers;
        different += !trial.comparison.are_equal();
        const std::string title = trial_title(plan, trial.place) + (trial.id_now != trial.stored.id ? fmt::format(" (id now {})", trial.id_now) : "");
        fmt::print("{}", comparison_text(title, trial.comparison));
    }
    print_changes(store.used_plugins(), trials, registry);
    if (different == 0) fmt::print("bit-equal: {} of {} trials, {} numbers\n", trials.size(), trials.size(), numbers);
    else fmt::print("not bit-equal: {} of {} trials differ\n", different, trials.size());
    return different == 0 ? success : trial_failed;
}

}  // namespace

void add_verify(CLI::App& app, Action& action) {
    auto options = std::make_shared<VerifyOptions>();
    CLI::App* command = app.add_subcommand("verify", "Run trials of a folder of results again and compare every number bit for bit");
    command->add_option("folder", options->folder, "Folder of results")->required()->type_name("DIR");
    command->add_option("-n", options->count, "So many trials, spread evenly over the plan; 0 or `all` for all (default: 5)")->type_name("K|all");
    command->add_option("-j,--jobs", options->workers, "Trials at a time; one per core unless given")->check(CLI::Range(1, 4096))->type_name("N");
    add_data_option(*command, options->places);
    add_plugin_option(*command, options->places);
    command->callback([options, &action] { action = [options] { return verify(*options); }; });
}

}  // namespace etude::cli
