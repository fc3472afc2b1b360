// framework/data/csv_table.hpp - a table of text (RFC 4180), with the place of every cell.
//
// Cells are separated by one character; a cell in double quotes may hold separators, line breaks and doubled quotes. Lines end in \n or \r\n;
// a UTF-8 byte order mark and empty lines at the end are passed over.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace etude {

struct CsvCell {
    std::string text;               ///< without quotes, spaces around it left out
    std::size_t line = 0, column = 0;  ///< of its first character, from 1; columns count characters
};

struct CsvTable {
    std::vector<std::string> names;           ///< of the columns: the header, or "1", "2", ... without one
    std::vector<std::vector<CsvCell>> rows;   ///< all as long as `names`
};

enum class CsvHeader { no, yes };
/// Throws Error "FILE: ..." or "FILE:LINE:COLUMN: ...": an empty file, no rows, rows of another length, quotes that are not closed, names of
/// columns given twice or left empty, bytes that are no text.
CsvTable read_csv_table(const std::filesystem::path& file, char separator, CsvHeader header);

}  // namespace etude
