#include "cli/csv_input.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

namespace etude::cli {

NumberTable read_numbers(const std::filesystem::path& file, CsvHeader header) {
    NumberTable table;
    const std::vector<std::string> lines = split(read_file(file), '\n');
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string_view line = trim(lines[i]);
        if (line.empty()) continue;
        const std::vector<std::string> fields = split(line, ',');
        if (header == CsvHeader::yes && table.header.empty()) {
            for (const std::string& field : fields) table.header.emplace_back(trim(field));
            continue;
        }
        const std::size_t width = table.header.empty() ? (table.rows.empty() ? fields.size() : table.rows.front().size()) : table.header.size();
        if (fields.size() != width)
            throw Error(fmt::format("{}:{}: {} fields where {} are expected", file.string(), i + 1, fields.size(), width));
        std::vector<double>& row = table.rows.emplace_back();
        for (std::size_t k = 0; k < fields.size(); ++k) {
            const std::string field(trim(fields[k]));
            const auto value = field.empty() || field == "NaN" ? parse_real("nan") : parse_real(field);
            if (!value) throw Error(fmt::format("{}:{}:{}: '{}' is not a number", file.string(), i + 1, k + 1, field));
            row.push_back(*value);
        }
    }
    if (table.rows.empty()) throw Error(file.string() + ": there are no numbers in it");
    return table;
}

}  // namespace etude::cli
