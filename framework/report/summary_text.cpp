#include <algorithm>
#include <fmt/format.h>

#include "base/rounded.hpp"
#include "base/text.hpp"
#include "report/answer.hpp"
#include "report/range_report.hpp"
#include "report/report.hpp"
#include "report/summary.hpp"
#include "report/words.hpp"

namespace etude {
namespace {

constexpr std::size_t most_rows = 40;   // of a table on a terminal
constexpr std::size_t most_columns = 3;  // swept ones; beyond that the configuration's label says it, and summary.csv has them all

std::string range_text(const Results& results) {
    std::string text;
    for (std::size_t c = 0; c < results.configurations.size(); ++c)
        for (const std::string& sentence : range_answer(results, c)) text += sentence + "\n";
    text += "\n" + aligned(range_rows(results));
    for (std::size_t c = 0; c < results.configurations.size(); ++c) {
        const std::string yaml = range_yaml(results, c);
        if (!yaml.empty()) text += "\n# " + label_of(results.plan, c) + ": to try these rates, paste one of these\n" + yaml;
    }
    return text + "\n";
}

}  // namespace

std::string six_digits(const std::optional<double>& value) { return value ? number(parse_real(fmt::format("{:.6g}", *value)).value()) : ""; }

std::string aligned(const std::vector<std::vector<std::string>>& rows) {
    const std::size_t columns = rows.front().size();
    std::vector<std::size_t> widths(columns, 0);
    std::vector<bool> numeric(columns, true);
    for (const auto& row : rows) {
        for (std::size_t c = 0; c < columns; ++c) {
            widths[c] = std::max(widths[c], display_width(row[c]));
            if (&row != &rows.front() && !row[c].empty() && !parse_real(row[c])) numeric[c] = false;
        }
    }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t c = 0; c < columns; ++c) {
            const std::string air(widths[c] - display_width(row[c]), ' ');
            line += (c > 0 ? "  " : "") + (numeric[c] ? air + row[c] : row[c] + air);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

std::vector<std::vector<std::string>> summary_rows(const Results& results) {
    const bool by_label = results.plan.columns.size() > most_columns;
    std::vector<std::vector<std::string>> rows{{"rank"}};
    if (by_label) rows.front().emplace_back("configuration");
    else rows.front().insert(rows.front().end(), results.plan.columns.begin(), results.plan.columns.end());
    for (const char* heading : {"n", "mean", "std", "sem", "ci_low", "ci_high", "diverged"}) rows.front().emplace_back(heading);
    if (results.plan.pruning) rows.front().emplace_back("pruned");
    std::vector<std::vector<std::string>> columns;
    for (std::size_t i = 0; i < results.plan.columns.size() && !by_label; ++i) columns.push_back(shown_cells(results.plan, i));
    for (const std::size_t c : results.best_first) {
        const ConfigurationResult& result = results.configurations[c];
        const Statistics& s = result.score;
        std::vector<std::string> row{result.rank ? std::to_string(*result.rank) : ""};
        if (by_label) row.push_back(label_of(results.plan, c));
        for (const auto& column : columns) row.push_back(column[c]);
        row.insert(row.end(), {std::to_string(s.n), six_digits(s.mean), six_digits(s.std), six_digits(s.sem)});
        row.push_back(six_digits(s.interval ? std::optional(s.interval->low) : std::nullopt));
        row.push_back(six_digits(s.interval ? std::optional(s.interval->high) : std::nullopt));
        row.push_back(std::to_string(result.diverged));
        if (results.plan.pruning) row.push_back(std::to_string(result.pruned));
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string summary_text(const Findings& findings) {
    const auto& [results, analysis] = findings;
    if (is_range_test(results.plan)) return range_text(results);
    std::string text;
    for (const std::string& sentence : answer_of(results, analysis).sentences) text += sentence + "\n";
    const auto warnings = warnings_of(results, analysis);  // those of the plan stand in front, and were said before the run
    for (std::size_t i = results.plan.warnings.size(); i < warnings.size(); ++i) text += "warning: " + warnings[i] + "\n";
    auto rows = summary_rows(results);
    const std::size_t left = rows.size() - 1 > most_rows ? rows.size() - 1 - most_rows : 0;
    rows.resize(rows.size() - left);
    text += '\n';
    text += aligned(rows);
    if (left > 0) text += fmt::format("... and {} more in summary.csv\n", left);
    return text;
}

}  // namespace etude
