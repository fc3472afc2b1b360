// `etude plugin new|build|check`: scaffold, compile, conformance.
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "cli/command.hpp"
#include "cli/scaffold.hpp"
#include "plugin/compile.hpp"
#include "plugin/conformance_run.hpp"

namespace etude::cli {
namespace {

namespace fs = std::filesystem;

/// The one plugin of `file`, opened and checked. Throws Error with the reason when it is refused.
void require_accepted(const fs::path& file) {
    Registry registry = Registry::scan({file});
    registry.all(PluginKind::optimizer);
    for (const RejectedFile& rejected : registry.rejected()) throw Error(fmt::format("{}: {}", rejected.file.string(), rejected.reason));
}

int build(const fs::path& source, const fs::path& out) {
    if (!fs::exists(source)) throw Error(fmt::format("{}: no such file", source.string()));
    if (source.extension() != ".cpp") throw Error(fmt::format("{}: a plugin's source is a .cpp file", source.string()));
    require_accepted(source);
    const CompiledPlugin compiled = compile_plugin(source);
    const fs::path folder = out.empty() ? source.parent_path() : out;
    const fs::path target = folder / compiled.library.filename();
    std::error_code error;
    if (!folder.empty()) fs::create_directories(folder, error);
    if (error) throw Error(fmt::format("{}: cannot be made: {}", folder.string(), error.message()));
    write_file(target, read_file(compiled.library));
    fmt::print("{}\n", target.string());
    return success;
}

int check(const std::vector<fs::path>& files) {
    int code = success;
    for (const fs::path& file : files) {
        if (!fs::exists(file)) throw Error(fmt::format("{}: no such file", file.string()), "a plugin is a .so or .cpp file");
        if (file.extension() == ".cpp") compile_plugin(file);  // its errors are ours to show, before a child begins
        const ConformanceReport report = check_in_child(file);
        fmt::print("{}\n{}", file.string(), report.text());
        if (!report.passed()) code = trial_failed;
    }
    return code;
}

void add_new(CLI::App& command, Action& action) {
    struct Options {
        std::string kind, name;
        fs::path folder;
    };
    auto options = std::make_shared<Options>();
    CLI::App* sub = command.add_subcommand("new", "Make a folder with a plugin that works, a study, a test and a README");
    sub->add_option("kind", options->kind, "schedule or optimizer")
        ->required()
        ->check(CLI::IsMember({"schedule", "optimizer"}))
        ->type_name("schedule|optimizer");
    sub->add_option("name", options->name, "Its name: small letters, digits and _")->required()->type_name("NAME");
    sub->add_option("folder", options->folder, "Where (default: ./NAME)")->type_name("DIR");
    sub->callback([options, &action] {
        action = [options] {
            const PluginKind kind = options->kind == "optimizer" ? PluginKind::optimizer : PluginKind::schedule;
            fmt::print("{}", make_scaffold(kind, options->name, options->folder.empty() ? fs::path(options->name) : options->folder));
            return success;
        };
    });
}

void add_build(CLI::App& command, Action& action) {
    struct Options {
        fs::path source, out;
    };
    auto options = std::make_shared<Options>();
    CLI::App* sub = command.add_subcommand("build", "Compile a plugin; prints the library's path");
    sub->add_option("source", options->source, "Its one source file, named after the plugin")->required()->type_name("FILE.cpp");
    sub->add_option("--out", options->out, "Folder of the library (default: the source's)")->type_name("DIR");
    sub->callback([options, &action] { action = [options] { return build(options->source, options->out); }; });
}

void add_check(CLI::App& command, Action& action) {
    auto files = std::make_shared<std::vector<fs::path>>();
    CLI::App* sub =
        command.add_subcommand("check", "Test whether plugins keep the rules, each in a process of its own; exit code 1 when one does not");
    sub->add_option("files", *files, "Libraries or sources")->required()->type_name("FILE.so|FILE.cpp");
    sub->callback([files, &action] { action = [files] { return check(*files); }; });
}

}  // namespace

void add_plugin(CLI::App& app, Action& action) {
    CLI::App* command = app.add_subcommand("plugin", "Make, compile and check a plugin of your own");
    command->require_subcommand(1);
    add_new(*command, action);
    add_build(*command, action);
    add_check(*command, action);
}

}  // namespace etude::cli
