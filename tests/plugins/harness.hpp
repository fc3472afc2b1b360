// tests/plugins/harness.hpp - the shipped plugins, settings as text, and recorded tables.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/bound.hpp"
#include "plugin/registry.hpp"
#include "plugin/resolve.hpp"
#include "plugin/stepping.hpp"

namespace etude::test {

/// The plugins that this build made.
Registry shipped_plugins();

/// `size=10;gamma=0.5 0.1` as given values of the types that the plugin declares. Lengths take a unit: `6updates`, `1.5epochs`.
std::vector<GivenValue> given_values(const Plugin& plugin, std::string_view settings);

/// The resolved configuration; a problem fails the test.
OptimizerSpec optimizer_spec(const Plugin& plugin, std::string_view preset, std::optional<double> lr, std::string_view settings);
ScheduleSpec schedule_spec(const Plugin& plugin, std::string_view preset, double base, const GivenTime& time, std::string_view settings);

/// A table of tables/: rows of cells, and the places of its columns.
struct Table {
    std::map<std::string, std::size_t, std::less<>> columns;  ///< empty for a table without a header
    std::vector<std::vector<std::string>> rows;
    const std::string& at(std::size_t row, std::string_view column) const { return rows.at(row).at(columns.at(std::string(column))); }
};
enum class Header { yes, no };
Table read_table_file(const std::string& name, Header header = Header::yes);
std::vector<double> reals(std::string_view text, char separator = ' ');

/// The instruction sets this CPU runs; the others are named in a message.
std::vector<etude_isa> runnable_sets();

}  // namespace etude::test
