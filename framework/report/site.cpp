#include "report/site.hpp"

#include "base/files.hpp"
#include "report/figures.hpp"
#include "report/page.hpp"
#include "report/range_report.hpp"
#include "report/tables.hpp"

namespace etude {
namespace {

Site::Asset csv(std::string text) { return {"text/csv; charset=utf-8", std::move(text)}; }

/// A file of the results' folder; nothing when it is not there.
std::optional<Site::Asset> yaml(const std::filesystem::path& file) {
    if (!std::filesystem::is_regular_file(file)) return std::nullopt;
    return Site::Asset{"text/plain; charset=utf-8", read_file(file)};
}

}  // namespace

Site::Site(std::filesystem::path folder) : folder_(std::move(folder)) { refresh(); }

void Site::refresh() {
    const Store store = Store::open(folder_, Store::Access::read);
    std::string version = store.version();  // before the rest is read: what comes in between is found the next time
    if (drawn_ && drawn_->version == version) return;
    Findings findings(store);
    std::vector<Figure> figures = figures_of(findings);
    std::vector<std::string> svgs = draw(figures);
    drawn_.emplace(Drawn{std::move(version), std::move(findings), std::move(figures), std::move(svgs)});
}

std::optional<Site::Asset> Site::find(const std::string& path) {
    if (path == "/version") return Asset{"text/plain; charset=utf-8", Store::open(folder_, Store::Access::read).version()};
    if (path == "/") refresh();
    const auto& [version, findings, figures, svgs] = *drawn_;
    if (path == "/") return Asset{"text/html; charset=utf-8", page_html(findings, figures, svgs, version)};
    if (path == "/trials.csv") return csv(trials_csv(findings.results));
    if (path == "/summary.csv") return csv(summary_csv(findings.results));
    if (path == "/timing.csv") return csv(timing_csv(findings.results));
    const bool is_range = is_range_test(findings.results.plan);
    if (path == "/range_test.csv" && is_range) return csv(range_csv(findings.results));
    if (path == "/statistics.json" && !is_range) return Asset{"application/json", analysis_json(findings.results, findings.analysis)};
    if (path == "/study.yaml" || path == "/resolved.yaml") return yaml(folder_ / path.substr(1));
    for (std::size_t i = 0; i < figures.size(); ++i)
        if (path == "/figures/" + figures[i].name + ".svg") return Asset{"image/svg+xml", svgs[i]};
    return std::nullopt;
}

}  // namespace etude
