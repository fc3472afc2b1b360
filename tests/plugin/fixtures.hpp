// tests/plugin/fixtures.hpp - the plugins built for these tests, and short ways to use them.
#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "plugin/bound.hpp"
#include "plugin/registry.hpp"
#include "plugin/resolve.hpp"

namespace etude::test {

inline std::filesystem::path fixture_folder(const std::string& name) { return std::filesystem::path(ETUDE_BINARY_DIR) / "tests/plugin" / name; }

inline const Plugin& plugin_in(const std::string& folder, PluginKind kind, const std::string& name) {
    static std::vector<Registry> registries;  // plugins point into them
    registries.push_back(Registry::scan({fixture_folder(folder)}));
    return registries.back().require(kind, name);
}
inline const Plugin& schedule_fixture(const std::string& name) { return plugin_in("good", PluginKind::schedule, name); }
inline const Plugin& optimizer_fixture(const std::string& name) { return plugin_in("good", PluginKind::optimizer, name); }

/// The spec of a plugin with its defaults, but for what is given. Throws what resolve found wrong.
inline ScheduleSpec schedule_spec(const Plugin& plugin, const std::vector<GivenValue>& given = {}, double base = 1) {
    const auto resolved = resolve_schedule(plugin, "", base, {}, given);
    if (!resolved.problems.empty()) throw Error(resolved.problems[0].message);
    return resolved.spec;
}
inline OptimizerSpec optimizer_spec(const Plugin& plugin, double lr, const std::vector<GivenValue>& given = {}) {
    const auto resolved = resolve_optimizer(plugin, "", lr, given);
    if (!resolved.problems.empty()) throw Error(resolved.problems[0].message);
    return resolved.spec;
}

/// The factor of every update.
inline std::vector<double> factors(const Plugin& plugin, const ScheduleSpec& spec, RunLength length, double base = 1) {
    BoundSchedule schedule(plugin, spec, base, length, 0);
    std::vector<double> all;
    for (std::uint64_t update = 0; update < length.updates; ++update) all.push_back(schedule.factor(update));
    return all;
}

/// The message of the Error that `f` throws, with its hint behind " | " if there is one; "nothing was thrown".
template <class F> std::string message_of(F&& f) {
    try {
        f();
    } catch (const Error& error) {
        return error.hint().empty() ? error.what() : std::string(error.what()) + " | " + error.hint();
    }
    return "nothing was thrown";
}

}  // namespace etude::test
