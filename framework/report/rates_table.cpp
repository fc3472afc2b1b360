// Basin, sensitivity and stability of every axis of rates, an axis a row: sentences (answer.cpp) are for few.
#include <algorithm>

#include "base/rounded.hpp"
#include "report/summary.hpp"
#include "report/words.hpp"

namespace etude {
namespace {

std::string basin_text(const RateAnalysis& axis) {
    if (!axis.basin) return "";
    return axis.basin->first == axis.basin->last ? rounded(axis.basin->low) : rounded(axis.basin->low) + " to " + rounded(axis.basin->high);
}

std::string maybe_rounded(const std::optional<double>& value) { return value ? rounded(*value) : ""; }

/// One name where all axes are of one column.
std::optional<std::string> only_column(const std::vector<RateAnalysis>& axes) {
    const bool is_one = std::ranges::all_of(axes, [&](const RateAnalysis& axis) { return axis.column == axes.front().column; });
    return is_one ? std::optional(axes.front().column) : std::nullopt;
}

}  // namespace

std::vector<std::vector<std::string>> rates_rows(const Results& results, const Analysis& analysis) {
    const auto only = only_column(analysis.rates);
    std::vector<std::size_t> beside;  // a column that is the rate of every axis says nothing beside it
    std::vector<std::vector<std::string>> cells;
    for (std::size_t i = 0; i < results.plan.columns.size(); ++i) {
        cells.push_back(shown_cells(results.plan, i));
        if (only != results.plan.columns[i]) beside.push_back(i);
    }
    std::vector<std::vector<std::string>> rows{{}};
    for (const std::size_t i : beside) rows.front().push_back(results.plan.columns[i]);
    if (!only) rows.front().emplace_back("rate");
    rows.front().push_back("best " + only.value_or("rate"));
    for (const char* heading : {"mean", "basin", "decades", "sensitivity", "unstable from"}) rows.front().emplace_back(heading);
    for (const RateAnalysis& axis : analysis.rates) {
        const std::size_t best = axis.configurations[axis.best];
        std::vector<std::string> row;
        for (const std::size_t i : beside) row.push_back(axis.column == results.plan.columns[i] ? "" : cells[i][best]);
        if (!only) row.push_back(axis.column);
        row.insert(row.end(), {rounded(axis.rates[axis.best]), six_digits(results.configurations[best].score.mean), basin_text(axis)});
        row.insert(row.end(), {axis.basin ? rounded(axis.basin->decades) : "", maybe_rounded(axis.sensitivity), maybe_rounded(axis.edge.unstable)});
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace etude
