// `etude compare`: several studies in one table and one figure, with tests between the best of each.
#include <fmt/format.h>

#include <system_error>

#include "base/files.hpp"
#include "cli/command.hpp"
#include "report/several.hpp"
#include "report/summary.hpp"

namespace etude::cli {
namespace {

constexpr std::size_t most_rows = 40;  // of the table on a terminal

struct CompareOptions {
    std::vector<std::filesystem::path> folders;
    std::filesystem::path out;
};

void write_all(const Several& several, const std::filesystem::path& out) {
    std::error_code error;
    std::filesystem::create_directories(out, error);
    if (error) throw Error(out.string() + ": cannot be made: " + error.message(), "choose another folder with `--out`");
    const Figure figure = several_figure(several);
    const std::string svg = draw({figure}).front();
    write_file(out / "compare.csv", several_csv(several));
    write_file(out / "compare.svg", svg);
    write_file(out / "compare.html", several_html(several, figure, svg));
    fmt::print("page: {}\n", (out / "compare.html").string());
}

int compare(const CompareOptions& options) {
    const Several several = compare_studies(options.folders);
    for (const std::string& sentence : several_answer(several)) fmt::print("{}\n", sentence);
    auto rows = several_rows(several);
    const std::size_t left = rows.size() - 1 > most_rows ? rows.size() - 1 - most_rows : 0;
    rows.resize(rows.size() - left);
    fmt::print("\n{}", aligned(rows));
    if (left > 0) fmt::print("... and {} more; `--out DIR` writes all of them\n", left);
    if (!options.out.empty()) write_all(several, options.out);
    return success;
}

}  // namespace

void add_compare(CLI::App& app, Action& action) {
    auto options = std::make_shared<CompareOptions>();
    CLI::App* command = app.add_subcommand("compare", "Set several studies beside each other, with tests between the best of each");
    command->add_option("folders", options->folders, "Folders of results")->required()->type_name("DIR DIR...");
    command->add_option("--out", options->out, "Folder for compare.csv, compare.svg and the page compare.html")->type_name("DIR");
    command->callback([options, &action] { action = [options] { return compare(*options); }; });
}

}  // namespace etude::cli
