// framework/report/explorer.hpp - the interactive part of the page: curves with bands to choose, group, zoom and smooth, and a table of trials to
// sort and filter. Everything lies inside the page: dygraphs, the script (page/explorer.js) and the numbers.
#pragma once
#include <string>

#include "report/results.hpp"

namespace etude {

/// Styles for the page's head.
std::string explorer_style();
/// The section with its data and scripts; empty when no trial is done. Curves are thinned to `most_numbers` in all, but keep eight points each.
std::string explorer_section(const Results& results, std::size_t most_numbers = 150'000);

}  // namespace etude
