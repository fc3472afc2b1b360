// `etude doctor`: what this installation has, line by line, and what it lacks.
#include <algorithm>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/version.hpp"
#include "base/error.hpp"
#include "base/isa.hpp"
#include "store/store.hpp"

namespace etude::cli {
namespace {

std::string find_on_path(const std::string& program) {
    const char* const path = std::getenv("PATH");
    if (path == nullptr) return "";
    for (const std::string& folder : split(path, ':'))
        if (const auto file = std::filesystem::path(folder) / program; ::access(file.c_str(), X_OK) == 0) return file.string();
    return "";
}

/// "ok", or why this data set cannot be used as it stands.
std::string data_state(const Kind& kind, const DataPaths& paths) {
    if (std::ranges::any_of(kind.schema, &Parameter::required)) return "ok, of the files that a study names";
    try {
        const DatasetOutline outline = outline_dataset({kind.name, defaults(kind.schema)}, paths);
        return fmt::format("ok, {} training and {} test samples", outline.train, outline.test);
    } catch (const Error& error) {
        return std::string(error.what()) + (error.hint().empty() ? "" : "; " + error.hint());
    }
}

int doctor(const Places& places) {
    int code = success;
    const Provenance here = provenance_here();
    fmt::print("{}\n", version_text());
    fmt::print("machine: {}, {} cores, {}\n", here.host, std::thread::hardware_concurrency(), here.cpu);
    fmt::print("kernels: {}; optimizer steps: {}\n", here.isa, isa_title(chosen_isa()));
    fmt::print("built by: {}\n", here.compiler);
    const std::string gnuplot = find_on_path("gnuplot");
    fmt::print("gnuplot: {}\n", gnuplot.empty() ? "missing: figures cannot be drawn (apt install gnuplot-nox)" : gnuplot);
    if (gnuplot.empty()) code = bad_input;

    Registry registry = places.registry();
    const std::size_t optimizers = registry.all(PluginKind::optimizer).size(), schedules = registry.all(PluginKind::schedule).size();
    fmt::print("plugins: {} optimizers, {} schedules\n", optimizers, schedules);
    if (optimizers == 0 || schedules == 0) code = bad_input;
    for (const RejectedFile& file : registry.rejected()) fmt::print("  rejected: {}: {}\n", file.file.string(), file.reason);

    const DataPaths data = places.data_paths({});
    fmt::print("data is looked for in: {}\n", [&] {
        std::vector<std::string> folders;
        for (const auto& folder : data.folders) folders.push_back(folder.string());
        return folders.empty() ? std::string("nowhere") : join(folders, ", ");
    }());
    for (const Kind& kind : dataset_kinds()) fmt::print("  {}: {}\n", kind.name, data_state(kind, data));
    return code;
}

}  // namespace

void add_doctor(CLI::App& app, Action& action) {
    auto places = std::make_shared<Places>();
    CLI::App* command = app.add_subcommand("doctor", "Show what this installation has and what it lacks");
    add_data_option(*command, *places);
    add_plugin_option(*command, *places);
    command->callback([places, &action] { action = [places] { return doctor(*places); }; });
}

}  // namespace etude::cli
