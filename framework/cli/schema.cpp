// `etude schema`: what a study may say, for editors.
#include <fmt/format.h>

#include "base/files.hpp"
#include "cli/command.hpp"
#include "cli/study_schema.hpp"

namespace etude::cli {

void add_schema(CLI::App& app, Action& action) {
    struct Options {
        Places places;
        std::filesystem::path out;
    };
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("schema", "Print a JSON Schema of studies, for completion and hover in editors");
    command->add_option("--out", options->out, "Write to this file instead")->type_name("FILE");
    add_plugin_option(*command, options->places);
    command->callback([options, &action] {
        action = [options] {
            Registry registry = options->places.registry();
            const std::string text = study_schema(registry).dump(1) + "\n";
            if (options->out.empty()) fmt::print("{}", text);
            else write_file(options->out, text);
            return success;
        };
    });
}

}  // namespace etude::cli
