#include "plugin/conformance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plugin/conformance_parts.hpp"

namespace etude {
namespace detail {
namespace {

/// A value that a parameter without a default may have.
Value example_value(const Parameter& parameter) {
    const auto inside = [&](double wish) {
        return parameter.range.contains(wish) ? wish : parameter.range.contains(0.75) ? 0.75 : std::fmax(parameter.range.min, 1.0);
    };
    switch (parameter.type) {
        case ValueType::integer:
            return static_cast<std::int64_t>(std::fmax(parameter.range.min, 5));
        case ValueType::flag:
            return true;
        case ValueType::choice:
            return parameter.words.front();
        case ValueType::duration:
            return Duration{3, TimeUnit::updates};
        case ValueType::durations:
            return std::vector<Duration>{{1, TimeUnit::updates}, {5, TimeUnit::updates}};
        case ValueType::reals:
            return std::vector<double>{inside(0.1), inside(0.2)};
        case ValueType::text:
            return std::string("1");
        case ValueType::real:
            return inside(parameter.rate ? 0.3 : 0.1);
    }
    return {};
}

/// The plugin's first complaint about `given`, or "".
std::string complaint(const Plugin& plugin, const std::vector<GivenValue>& given) {
    const auto problems = plugin.kind == PluginKind::optimizer ? resolve_optimizer(plugin, "", 0.01, given).problems
                                                               : resolve_schedule(plugin, "", 0.1, {}, given).problems;
    return problems.empty() ? "" : problems.front().message;
}

}  // namespace

Example example_of(const Plugin& plugin) {
    Example example;
    for (const Parameter& parameter : plugin.description.schema)
        if (parameter.required) example.given.push_back({parameter.name, example_value(parameter)});
    example.problem = complaint(plugin, example.given);
    if (example.problem.empty()) return example;
    // "Either a or b must be given" is the plugin's own rule, which no table declares.
    for (const Parameter& parameter : plugin.description.schema) {
        if (parameter.required) continue;
        Example wider = example;
        wider.given.push_back({parameter.name, example_value(parameter)});
        wider.problem = complaint(plugin, wider.given);
        if (wider.problem.empty()) return wider;
    }
    return example;
}

Problems table_says_what_is_meant(const Plugin& plugin) {
    Problems problems;
    const std::string& summary = plugin.description.summary;
    if (!summary.ends_with('.')) problems.push_back("the summary is no sentence: it ends without a full stop");
    if (summary.size() > 100) problems.push_back(fmt::format("the summary has {} letters: at most 100 fit in a list", summary.size()));
    for (const Parameter& parameter : plugin.description.schema) {
        if (!parameter.doc.ends_with('.') || parameter.doc.size() < 10)
            problems.push_back(fmt::format("parameter '{}': '{}' is no sentence that says what it does", parameter.name, parameter.doc));
        if (parameter.required || !parameter.relative_to.empty()) continue;
        if (const auto problem = range_problem(parameter, parameter.fallback)) problems.push_back("the default: " + *problem);
    }
    if (const Example example = example_of(plugin); !example.problem.empty())
        problems.push_back("no configuration to check it with was found: " + example.problem);
    return problems;
}

}  // namespace detail

std::span<const ConformanceCheck> conformance_checks(PluginKind kind) {
    return kind == PluginKind::optimizer ? detail::optimizer_checks() : detail::schedule_checks();
}

}  // namespace etude
