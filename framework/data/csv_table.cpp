#include "data/csv_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

namespace etude {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 30;  // bytes

class CsvReader {
  public:
    CsvReader(std::string name, std::string_view text, char separator) : name_(std::move(name)), text_(text), separator_(separator) {}

    std::vector<std::vector<CsvCell>> rows() {
        std::vector<std::vector<CsvCell>> all;
        while (at_ < text_.size()) {
            if (skip_empty_line()) continue;
            if (blank_line_ > 0) fail(blank_line_, 1, "the line is empty");
            all.push_back(row());
        }
        return all;
    }

    [[noreturn]] void fail(std::size_t line, std::size_t column, const std::string& what, const std::string& hint = "") const {
        throw Error(fmt::format("{}:{}:{}: {}", name_, line, column, what), hint);
    }

  private:
    bool at_line_end() const { return at_ == text_.size() || text_[at_] == '\n' || (text_[at_] == '\r' && text_.substr(at_, 2) == "\r\n"); }

    /// The last lines may be empty; one between rows is an error when the next row comes.
    bool skip_empty_line() {
        if (!at_line_end()) return false;
        if (blank_line_ == 0) blank_line_ = line_;
        end_line();
        return true;
    }

    void end_line() {
        if (at_ < text_.size() && text_[at_] == '\r') ++at_;
        if (at_ < text_.size()) ++at_;
        ++line_;
        line_begin_ = at_;
    }

    std::size_t column() const { return 1 + character_count(text_.substr(line_begin_, at_ - line_begin_)); }

    std::vector<CsvCell> row() {
        std::vector<CsvCell> cells;
        for (;;) {
            cells.push_back(cell());
            if (at_line_end()) break;
            ++at_;  // the separator
        }
        end_line();
        return cells;
    }

    CsvCell cell() {
        while (at_ < text_.size() && text_[at_] == ' ') ++at_;
        CsvCell cell{.text = {}, .line = line_, .column = column()};
        if (at_ < text_.size() && text_[at_] == '"') return quoted(std::move(cell));
        const std::size_t begin = at_;
        while (!at_line_end() && text_[at_] != separator_) ++at_;
        cell.text = trim(text_.substr(begin, at_ - begin));
        return cell;
    }

    CsvCell quoted(CsvCell cell) {
        for (++at_;; ++at_) {
            if (at_ >= text_.size()) fail(cell.line, cell.column, "the quotes are not closed");
            if (text_[at_] == '"') {
                if (text_.substr(at_, 2) != "\"\"") break;
                ++at_;
            }
            cell.text += text_[at_];
            if (text_[at_] == '\n') ++line_, line_begin_ = at_ + 1;
        }
        ++at_;
        while (at_ < text_.size() && text_[at_] == ' ') ++at_;
        if (!at_line_end() && text_[at_] != separator_) fail(line_, column(), "text follows the closing quotes");
        return cell;
    }

    std::string name_;
    std::string_view text_;
    char separator_;
    std::size_t at_ = 0, line_ = 1, line_begin_ = 0;
    std::size_t blank_line_ = 0;  // the first of the empty lines just passed, or 0
};

void check_names(const std::vector<CsvCell>& header, const CsvReader& reader) {
    std::set<std::string_view> seen;
    for (const CsvCell& cell : header) {
        if (cell.text.empty()) reader.fail(cell.line, cell.column, "a column without a name");
        if (!seen.insert(cell.text).second) reader.fail(cell.line, cell.column, "there are two columns '" + cell.text + "'");
    }
}

}  // namespace

CsvTable read_csv_table(const std::filesystem::path& file, char separator, CsvHeader header) {
    std::error_code failed;
    if (const auto size = std::filesystem::file_size(file, failed); !failed && size > largest_file)
        throw Error(fmt::format("{}: {} bytes are more than {}", file.string(), size, largest_file));
    const std::string content = read_file(file);
    std::string_view text = content;
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    if (trim(text).empty()) throw Error(file.string() + ": the file is empty");
    if (text.find('\0') != std::string_view::npos) throw Error(file.string() + ": not a text file: it has a byte 0");

    CsvReader reader(file.string(), text, separator);
    CsvTable table{.names = {}, .rows = reader.rows()};
    const std::vector<CsvCell> first = table.rows.front();
    if (header == CsvHeader::yes) {
        check_names(first, reader);
        for (const CsvCell& cell : first) table.names.push_back(cell.text);
        table.rows.erase(table.rows.begin());
    } else {
        for (std::size_t i = 1; i <= first.size(); ++i) table.names.push_back(std::to_string(i));
    }
    if (table.rows.empty()) throw Error(file.string() + ": a header and no rows");
    for (const auto& row : table.rows)
        if (row.size() != first.size())
            reader.fail(row.front().line, row.front().column,
                        fmt::format("{} cell{}, {} has {}", row.size(), row.size() == 1 ? "" : "s",
                                    header == CsvHeader::yes ? "the header" : "the first row", first.size()));
    return table;
}

}  // namespace etude
