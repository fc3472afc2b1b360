// tests/plugins/schedule_rows.hpp - recorded runs of schedules, one in a row of a table, and runs to compare with them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "plugins/harness.hpp"

namespace etude::test {

/// `unit=epoch;ends=half_open;after=hold`, each of them or none.
GivenTime time_of(std::string_view text);

/// Of every update of the run.
std::vector<double> rates_of(const Plugin& plugin, const ScheduleSpec& spec, double base, const RunLength& length, std::uint64_t seed = 0);

/// One run of the tables that oracles/make_tables.py and oracles/make_catalogue_schedules.py write.
struct ScheduleRow {
    std::string label;
    const Plugin& plugin;
    double base;
    ScheduleSpec spec;
    RunLength length;
    std::vector<double> expected;  ///< rates
};
ScheduleRow schedule_row(const Table& table, std::size_t row, Registry& registry);

}  // namespace etude::test
