// framework/plugin/conformance_parts.hpp - shared by the checks of optimizers and of schedules.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "plugin/conformance.hpp"
#include "plugin/lockstep.hpp"
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

/// Each of `configured` beside the next of them on a second thread (the only one beside itself, with other numbers), `steps` steps in lockstep:
/// neither may change what the other leads to. `Run(configured, which)` has step(i) and result(); `which` (0 or 1) tells its numbers.
template <class Run, class Configured>
Problems lockstep_problems(const std::vector<Configured>& configured, std::uint64_t steps) {
    Problems problems;
    for (std::size_t i = 0; i < configured.size(); ++i) {
        const Configured &first = configured[i], &second = configured[(i + 1) % configured.size()];
        try {
            const auto alone = [&](const Configured& c, int which) {
                Run run(c, which);
                for (std::uint64_t step = 0; step < steps; ++step) run.step(step);
                return run.result();
            };
            Run one(first, 0), other(second, 1);
            run_in_lockstep(steps, [&](std::uint64_t step) { one.step(step); }, [&](std::uint64_t step) { other.step(step); });
            if (one.result() != alone(first, 0) || other.result() != alone(second, 1))
                problems.push_back(first.label + ", beside " + second.label + " on another thread: other bits than alone");
        } catch (const Error& error) {
            problems.push_back(first.label + ", beside " + second.label + " on another thread: " + error.what());
        }
    }
    return problems;
}

/// The declared table: what the loader does not refuse and a reader of `describe` would miss.
Problems table_says_what_is_meant(const Plugin& plugin);

std::span<const ConformanceCheck> optimizer_checks();
std::span<const ConformanceCheck> schedule_checks();

}  // namespace etude::detail
