// `etude best`: the configuration that leads, and what is not significantly worse.
#include "report/best.hpp"

#include <fmt/format.h>

#include "cli/command.hpp"

namespace etude::cli {
namespace {

struct BestOptions {
    std::filesystem::path folder;
    bool json = false;
};

int best(const BestOptions& options) {
    const Findings findings(Store::open(options.folder, Store::Access::read));
    fmt::print("{}", options.json ? best_json(findings) : best_text(findings));
    return success;
}

}  // namespace

void add_best(CLI::App& app, Action& action) {
    auto options = std::make_shared<BestOptions>();
    CLI::App* command = app.add_subcommand("best", "Show the best configuration with its interval, and what is not significantly worse");
    command->add_option("folder", options->folder, "Folder of results")->required()->type_name("DIR");
    add_text_or_json(*command, options->json);
    command->callback([options, &action] { action = [options] { return best(*options); }; });
}

}  // namespace etude::cli
