// framework/report/page.hpp - the results as one HTML file that needs nothing else: no network, light and dark, printable; without scripts
// only the part to explore is missing.
#pragma once
#include <string>
#include <vector>

#include "report/plot.hpp"
#include "report/analysis.hpp"

namespace etude {

/// `svgs` are the drawings of `figures`.
std::string page_html(const Results& results, const Analysis& analysis, const std::vector<Figure>& figures, const std::vector<std::string>& svgs);

}  // namespace etude
