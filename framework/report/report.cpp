#include "report/report.hpp"

#include "base/files.hpp"
#include "report/figures.hpp"

namespace etude {
ReportFiles write_report(const Store& store, const std::filesystem::path& page) {
    const Results results = load_results(store);
    const auto figures = study_figures(results);
    const auto svgs = draw(figures);
    ReportFiles files{page.empty() ? results.folder / "report.html" : page, {}};
    std::filesystem::create_directories(results.folder / "figures");
    for (std::size_t i = 0; i < figures.size(); ++i) {
        files.figures.push_back(results.folder / "figures" / (figures[i].name + ".svg"));
        write_file(files.figures.back(), svgs[i]);
    }
    return files;
}
std::string summary_text(const Store&) { return ""; }
}
