// framework/report/tables.hpp - results as CSV: RFC 4180, lines end with \n, numbers are the shortest text that reads back.
#pragma once
#include <string>

#include "report/results.hpp"

namespace etude {

std::string trials_csv(const Results& results);   ///< a row for each trial that is done, in the order of the plan
std::string summary_csv(const Results& results);  ///< a row for each configuration
std::string timing_csv(const Results& results);   ///< whatever may differ between two runs, and nothing else

}  // namespace etude
