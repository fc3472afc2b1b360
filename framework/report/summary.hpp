// framework/report/summary.hpp - the table of summary.csv as a reader wants it: best first, rank in front, six digits.
#pragma once
#include <string>
#include <vector>

#include "report/report.hpp"
#include "report/results.hpp"

namespace etude {

/// The first row has the headings.
std::vector<std::vector<std::string>> summary_rows(const Results& results);

}  // namespace etude
