#include "report/report.hpp"

#include <system_error>

#include "base/error.hpp"
#include "base/files.hpp"
#include "report/figures.hpp"
#include "report/page.hpp"
#include "report/range_report.hpp"

namespace etude {
namespace {

/// An empty folder for the figures: those of an earlier plan are not of this one.
std::filesystem::path fresh_figures_folder(const std::filesystem::path& parent) {
    const auto folder = parent / "figures";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) throw Error(folder.string() + ": cannot be made: " + error.message());
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
        if (entry.path().extension() == ".svg") std::filesystem::remove(entry.path(), error);
    return folder;
}

}  // namespace

std::vector<Figure> figures_of(const Findings& findings) {
    const auto& [results, analysis] = findings;
    return is_range_test(results.plan) ? range_figures(results) : study_figures(results, analysis);
}

ReportFiles write_report(const Findings& findings, const std::filesystem::path& page) {
    const Results& results = findings.results;
    const auto figures = figures_of(findings);
    const auto svgs = draw(figures);
    ReportFiles files{page.empty() ? results.folder / "report.html" : page, {}};
    const auto folder = fresh_figures_folder(results.folder);
    for (std::size_t i = 0; i < figures.size(); ++i) {
        files.figures.push_back(folder / (figures[i].name + ".svg"));
        write_file(files.figures.back(), svgs[i]);
    }
    write_file(files.page, page_html(findings, figures, svgs));
    return files;
}

}  // namespace etude
