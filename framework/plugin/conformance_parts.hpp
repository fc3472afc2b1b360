// framework/plugin/conformance_parts.hpp - shared by the checks of optimizers and of schedules.
#pragma once
#include <string>
#include <vector>

#include "plugin/conformance.hpp"
#include "plugin/resolve.hpp"

namespace etude::detail {

using Problems = std::vector<std::string>;

/// Given values with which the plugin can be resolved: none where every parameter has a default; else examples, with one optional parameter more
/// where the plugin wants that. Empty when nothing was found.
struct Example {
    std::vector<GivenValue> given;
    std::string problem;  ///< not empty: the plugin's own words for the last attempt
};
Example example_of(const Plugin& plugin);

/// The declared table: what the loader does not refuse and a reader of `describe` would miss.
Problems table_says_what_is_meant(const Plugin& plugin);

std::span<const ConformanceCheck> optimizer_checks();
std::span<const ConformanceCheck> schedule_checks();

}  // namespace etude::detail
