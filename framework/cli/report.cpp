// `etude report`: tables, figures and page again from the results, without training.
#include "report/report.hpp"

#include <fmt/format.h>

#include "cli/command.hpp"

namespace etude::cli {
namespace {

struct ReportOptions {
    std::filesystem::path folder, out;
};

int report(const ReportOptions& options) {
    const Findings findings(Store::open(options.folder, Store::Access::read));
    write_tables(findings);
    const ReportFiles files = write_report(findings, options.out);
    fmt::print("{}", summary_text(findings));
    fmt::print("report: {}\n", files.page.string());
    return success;
}

}  // namespace

void add_report(CLI::App& app, Action& action) {
    auto options = std::make_shared<ReportOptions>();
    CLI::App* command = app.add_subcommand("report", "Draw the figures and write tables and page again from the results");
    command->add_option("folder", options->folder, "Folder of results")->required()->type_name("DIR");
    command->add_option("--out", options->out, "The page (default: DIR/report.html)")->type_name("FILE");
    command->callback([options, &action] { action = [options] { return report(*options); }; });
}

}  // namespace etude::cli
