// framework/plugin/conformance_parts.hpp - shared by the checks of optimizers and of schedules.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
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

/// Runs `check` on every one of `configured` (things with a label); what it says, and what the plugin fails with, is that one's problem.
template <class Configured, class Check>
Problems problems_of(const std::vector<Configured>& configured, const Check& check) {
    Problems problems;
    for (const Configured& c : configured) {
        try {
            if (const std::string problem = check(c); !problem.empty()) problems.push_back(c.label + ": " + problem);
        } catch (const Error& error) {
            problems.push_back(c.label + ": " + error.what());
        }
    }
    return problems;
}

/// The declared table: what the loader does not refuse and a reader of `describe` would miss.
Problems table_says_what_is_meant(const Plugin& plugin);

std::span<const ConformanceCheck> optimizer_checks();
std::span<const ConformanceCheck> schedule_checks();

}  // namespace etude::detail
