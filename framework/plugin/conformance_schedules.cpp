#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "plugin/bound.hpp"
#include "plugin/conformance_parts.hpp"

namespace etude::detail {
namespace {

constexpr Metrics unknown{NAN, NAN, NAN, NAN, NAN, NAN};
constexpr double base = 0.1;

struct Configured {
    const Plugin* plugin;
    ScheduleSpec spec;
    std::string label;
};

/// Default and presets in every unit, with every kind of ends.
std::vector<Configured> configurations(const Plugin& plugin) {
    const std::vector<GivenValue> example = example_of(plugin).given;
    std::vector<std::string> presets{""};
    for (const PresetInfo& preset : plugin.presets) presets.push_back(preset.name);
    std::vector<Configured> all;
    for (const std::string& preset : presets)
        for (const ScheduleUnit unit : {ScheduleUnit::update, ScheduleUnit::epoch, ScheduleUnit::epoch_frac, ScheduleUnit::fraction})
            for (const Ends ends : {Ends::closed, Ends::half_open, Ends::shifted}) {
                Resolution<ScheduleSpec> resolution = resolve_schedule(plugin, preset, base, {.unit = unit, .ends = ends, .after = {}}, example);
                if (!resolution.problems.empty()) continue;
                if (plugin.observes) resolution.spec.monitor = MonitorSpec{.metric = "test_loss", .every_updates = 0};
                const std::string which = preset.empty() ? "default" : "preset " + preset;
                all.push_back({&plugin, resolution.spec, fmt::format("{}, unit: {}, ends: {}", which, word(unit), word(ends))});
            }
    return all;
}

template <class Check>
Problems over_configurations(const Plugin& plugin, const Check& check) {
    return problems_of(configurations(plugin), check);
}

Problems finite_factors(const Plugin& plugin) {
    return over_configurations(plugin, [](const Configured& c) -> std::string {
        for (const std::uint64_t updates : {1, 2, 3, 1000})
            for (const std::uint64_t per_epoch : {1, 7}) {
                const ScheduleFindings findings = check_schedule(*c.plugin, c.spec, base, {updates, per_epoch}, 0);
                if (findings.error) return fmt::format("{} in a run of {} updates, {} an epoch", *findings.error, updates, per_epoch);
            }
        return "";
    });
}

Problems purity(const Plugin& plugin) {
    return over_configurations(plugin, [](const Configured& c) -> std::string {
        BoundSchedule forwards(*c.plugin, c.spec, base, {100, 10}, 0), backwards(*c.plugin, c.spec, base, {100, 10}, 0);
        std::vector<double> first, second(100);
        for (std::uint64_t update = 0; update < 100; ++update) first.push_back(forwards.factor(update));
        for (std::uint64_t update = 100; update-- > 0;) second[update] = backwards.factor(update);
        for (std::size_t update = 0; update < 100; ++update)
            if (first[update] != second[update])
                return fmt::format("update {}: {} when called in order, {} in reverse", update, number(first[update]), number(second[update]));
        return "";
    });
}

/// The factors of 100 updates; the report after update 49 has `broken` in it.
std::vector<double> watching_run(const Configured& c, double broken) {
    BoundSchedule schedule(*c.plugin, c.spec, base, {100, 10}, 0);
    std::vector<double> factors;
    for (std::uint64_t update = 0; update < 100; ++update) {
        factors.push_back(schedule.factor(update));
        const double value = update == 49 ? broken : 1.0 / static_cast<double>(update % 40 + 1);
        if (update % 10 == 9) schedule.observe(value, true, unknown, update + 1, update / 10 + 1);
    }
    return factors;
}

Problems same_reports(const Plugin& plugin) {
    return over_configurations(plugin, [](const Configured& c) -> std::string {
        return watching_run(c, 0.5) == watching_run(c, 0.5) ? "" : "two runs with equal reports differ";
    });
}

Problems broken_reports(const Plugin& plugin) {
    return over_configurations(plugin, [](const Configured& c) -> std::string {
        for (const double broken : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), -1e308})
            watching_run(c, broken);
        return "";
    });
}

/// Runs of two lengths, with reports where they are wanted; a factor of every update.
struct ScheduleRun {
    ScheduleRun(const Configured& c, int which) : schedule(*c.plugin, c.spec, base, {which == 0 ? 100u : 60u, 10}, 0), shift(which == 0 ? 3u : 7u) {}
    void step(std::uint64_t update) {
        factors.push_back(schedule.factor(update));
        if (schedule.observes() && update % 10 == 9)
            schedule.observe(1.0 / static_cast<double>(update % 40 + shift), true, unknown, update + 1, update / 10 + 1);
    }
    std::vector<double> result() const { return factors; }
    BoundSchedule schedule;
    std::uint64_t shift;
    std::vector<double> factors;
};

Problems threads(const Plugin& plugin) { return lockstep_problems<ScheduleRun>(configurations(plugin), 60); }

bool is_watching(const Plugin& plugin) { return plugin.observes; }

const std::vector<ConformanceCheck> checks{
    {"the table says what is meant", table_says_what_is_meant},
    {"factors are finite and not negative in runs of 1, 2, 3 and 1000 updates", finite_factors},
    {"a factor depends on the update alone", purity},
    {"two threads at once give the same factors as each alone", threads},
    {"the same reports give the same factors", same_reports, is_watching},
    {"factors stay finite after a report that is no number", broken_reports, is_watching},
};

}  // namespace

std::span<const ConformanceCheck> schedule_checks() { return checks; }

}  // namespace etude::detail
