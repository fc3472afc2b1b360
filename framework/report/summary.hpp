// framework/report/summary.hpp - the table of summary.csv as a reader wants it: best first, rank in front, six digits.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "report/analysis.hpp"
#include "report/results.hpp"

namespace etude {

/// The first row has the headings.
std::vector<std::vector<std::string>> summary_rows(const Results& results);
/// An axis of rates a row, in the order of the analysis; the first row has the headings.
std::vector<std::vector<std::string>> rates_rows(const Results& results, const Analysis& analysis);
/// Rows for a terminal: cells padded to the width of their column; a column whose cells below the first row are all numbers stands on the right.
std::string aligned(const std::vector<std::vector<std::string>>& rows);
/// Six digits; empty for nothing.
std::string six_digits(const std::optional<double>& value);

}  // namespace etude
