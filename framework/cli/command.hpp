// framework/cli/command.hpp - what the commands share: how they are declared, where they look, how they end.
#pragma once
#include <CLI/CLI.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "data/catalogue.hpp"
#include "plugin/registry.hpp"

namespace etude::cli {

enum ExitCode : int { success = 0, trial_failed = 1, bad_input = 2, bug = 3 };

/// What the command line chose; main calls it.
using Action = std::function<int()>;

/// On stderr: placed errors as they are, others as "etude: error: ..." with their hint.
void print_error(const Error& error);

/// --plugins and --data, on every command that needs them.
struct Places {
    std::vector<std::filesystem::path> plugins, data;
    Registry registry() const { return Registry::standard(plugins); }
    /// A file that the study names lies in the study's folder, or in the current one.
    DataPaths data_paths(const std::filesystem::path& study_folder) const {
        DataPaths paths = DataPaths::standard(data);
        if (!study_folder.empty()) paths.beside.push_back(study_folder);
        paths.beside.emplace_back(".");
        return paths;
    }
};
void add_plugin_option(CLI::App& command, Places& places);
void add_data_option(CLI::App& command, Places& places);
/// --format text|json; `json` is set for the latter.
void add_text_or_json(CLI::App& command, bool& json);

// One function and one file a command: declares it and, when it is chosen, sets `action`.
void add_run(CLI::App& app, Action& action);
void add_plan(CLI::App& app, Action& action);
void add_find_lr(CLI::App& app, Action& action);
void add_report(CLI::App& app, Action& action);
void add_best(CLI::App& app, Action& action);
void add_show(CLI::App& app, Action& action);
void add_diff(CLI::App& app, Action& action);
void add_compare(CLI::App& app, Action& action);
void add_serve(CLI::App& app, Action& action);
void add_export(CLI::App& app, Action& action);
void add_merge(CLI::App& app, Action& action);
void add_verify(CLI::App& app, Action& action);
void add_reproduce(CLI::App& app, Action& action);
void add_list(CLI::App& app, Action& action);
void add_describe(CLI::App& app, Action& action);
void add_schedule(CLI::App& app, Action& action);
void add_optimizer(CLI::App& app, Action& action);
void add_data(CLI::App& app, Action& action);
void add_plugin(CLI::App& app, Action& action);
void add_schema(CLI::App& app, Action& action);
void add_doctor(CLI::App& app, Action& action);

}  // namespace etude::cli
