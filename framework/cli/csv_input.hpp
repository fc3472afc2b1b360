// framework/cli/csv_input.hpp - small numeric tables given on the command line: recorded gradients, metrics for a schedule that watches.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace etude::cli {

struct NumberTable {
    std::vector<std::string> header;         ///< empty when there is none
    std::vector<std::vector<double>> rows;   ///< all of one width
};

enum class CsvHeader { no, yes };
/// Throws Error "FILE:LINE:COLUMN: ..." for what is no number and for rows of another width; COLUMN counts fields.
NumberTable read_numbers(const std::filesystem::path& file, CsvHeader header);

}  // namespace etude::cli
