// framework/report/report.hpp - from results to tables, figures and a page.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "report/findings.hpp"

namespace etude {

/// Rewrites trials.csv, summary.csv, statistics.json and timing.csv of the plan in the store, and of range tests range_test.csv instead of
/// statistics.json, from the store alone: the same bytes whatever the order of the
/// results. Trials that are not done have no row.
void write_tables(const Findings& findings);

struct ReportFiles {
    std::filesystem::path page;                 ///< report.html
    std::vector<std::filesystem::path> figures; ///< figures/*.svg
};
/// Draws figures/*.svg with gnuplot and writes report.html (to `page`, or the folder's report.html when empty). Needs no study file and trains
/// nothing.
ReportFiles write_report(const Findings& findings, const std::filesystem::path& page = {});

/// The table of summary.csv for a terminal: aligned, best first, with the answer line on top; wide characters count two columns.
std::string summary_text(const Findings& findings);

/// Several curves of a schedule over updates in one SVG, for `etude schedule --format svg`.
struct NamedCurve {
    std::string name;
    std::vector<double> x, y;
};
std::string line_chart_svg(const std::string& title, const std::string& x_label, const std::string& y_label, const std::vector<NamedCurve>& curves,
                           bool log_y = false);
/// A data set looked at: scatter for two features, contact sheet for images, histograms of targets or features otherwise.
std::string dataset_svg(const Dataset& dataset);

}  // namespace etude
