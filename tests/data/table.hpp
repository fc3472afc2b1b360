// tests/data/table.hpp - the tables that tables/blobs.py wrote.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/text.hpp"

namespace etude::test {

/// The cells of tables/NAME, row by row.
inline std::vector<std::vector<std::string>> table(const std::string& name) {
    std::vector<std::vector<std::string>> rows;
    for (const std::string& line : split(read_file(std::filesystem::path(ETUDE_SOURCE_DIR) / "tests/data/tables" / name), '\n'))
        if (!line.empty()) rows.push_back(split(line, ','));
    return rows;
}

/// A double written in hexadecimal: exact.
inline double exact(const std::string& cell) { return std::strtod(cell.c_str(), nullptr); }

}  // namespace etude::test
