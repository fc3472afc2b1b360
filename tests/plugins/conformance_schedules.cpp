// What every schedule must do, whoever wrote it: over all that the build made, in the default and every preset, every unit and end.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "plugins/harness.hpp"

using namespace etude;
using namespace etude::test;

namespace {

constexpr Metrics unknown{NAN, NAN, NAN, NAN, NAN, NAN};

/// A value that a parameter without a default may have.
std::string example(const Parameter& parameter) {
    switch (parameter.type) {
        case ValueType::duration: return "3updates";
        case ValueType::durations: return "1updates 5updates";
        case ValueType::reals: return "0.1 0.2";
        case ValueType::integer: return std::to_string(static_cast<std::int64_t>(std::fmax(parameter.range.min, 5)));
        case ValueType::text: return "lr0 / (1 + x)";
        default: return parameter.rate ? "0.3" : parameter.range.contains(0.1) ? "0.1" : "0.75";
    }
}

/// Settings for all that must be given.
std::string example(const Plugin& plugin) {
    if (plugin.description.name == "piecewise_constant") return "boundaries=1updates 5updates;values=0.1 0.2 0.05";
    std::vector<std::string> settings;
    for (const Parameter& parameter : plugin.description.schema)
        if (parameter.required) settings.push_back(parameter.name + "=" + example(parameter));
    return join(settings, ";");
}

struct Configured {
    const Plugin* plugin;
    ScheduleSpec spec;
    std::string label;
};

/// Default and presets in every unit, with every kind of ends.
std::vector<Configured> configurations(Registry& registry) {
    std::vector<Configured> all;
    for (const Plugin* plugin : registry.all(PluginKind::schedule)) {
        std::vector<std::string> presets{""};
        for (const PresetInfo& preset : plugin->presets) presets.push_back(preset.name);
        for (const std::string& preset : presets)
            for (const ScheduleUnit unit : {ScheduleUnit::update, ScheduleUnit::epoch, ScheduleUnit::epoch_frac, ScheduleUnit::fraction})
                for (const Ends ends : {Ends::closed, Ends::half_open, Ends::shifted}) {
                    ScheduleSpec spec = schedule_spec(*plugin, preset, 0.1, {.unit = unit, .ends = ends, .after = {}}, example(*plugin));
                    if (plugin->observes) spec.monitor = MonitorSpec{.metric = "test_loss", .every_updates = 0};
                    all.push_back({plugin, spec, plugin->description.name + " " + preset + ", unit " + word(unit) + ", ends " + word(ends)});
                }
    }
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(schedule_conformance)

BOOST_AUTO_TEST_CASE(factors_are_finite_and_not_negative_in_runs_of_any_length) {
    Registry registry = shipped_plugins();
    for (const Configured& c : configurations(registry))
        for (const std::uint64_t updates : {1, 2, 3, 1000})
            for (const std::uint64_t per_epoch : {1, 7}) {
                BoundSchedule schedule(*c.plugin, c.spec, 0.1, {updates, per_epoch}, 0);
                for (std::uint64_t update = 0; update < updates; ++update) {
                    const double factor = schedule.factor(update);
                    BOOST_TEST((std::isfinite(factor) && factor >= 0), c.label << ", update " << update << " of " << updates << ": " << factor);
                }
            }
}

BOOST_AUTO_TEST_CASE(a_factor_depends_on_the_update_alone) {
    Registry registry = shipped_plugins();
    for (const Configured& c : configurations(registry)) {
        BoundSchedule forwards(*c.plugin, c.spec, 0.1, {100, 10}, 0), backwards(*c.plugin, c.spec, 0.1, {100, 10}, 0);
        std::vector<double> first, second(100);
        for (std::uint64_t update = 0; update < 100; ++update) first.push_back(forwards.factor(update));
        for (std::uint64_t update = 100; update-- > 0;) second[update] = backwards.factor(update);
        BOOST_TEST(first == second, c.label);
    }
}

BOOST_AUTO_TEST_CASE(a_schedule_that_decays_begins_at_the_base) {
    Registry registry = shipped_plugins();
    for (const char* name : {"constant", "step", "multi_step", "exponential", "natural_exp", "inverse_time", "power_decay", "linear", "polynomial",
                             "cosine", "plateau"}) {
        const Plugin& plugin = registry.require(PluginKind::schedule, name);
        ScheduleSpec spec = schedule_spec(plugin, "", 0.1, {}, example(plugin));
        if (plugin.observes) spec.monitor = MonitorSpec{.metric = "test_loss", .every_updates = 0};
        BOOST_TEST(BoundSchedule(plugin, spec, 0.1, {100, 10}, 0).factor(0) == 1.0, name);
    }
}

BOOST_AUTO_TEST_CASE(the_default_end_falls_on_the_last_update) {
    Registry registry = shipped_plugins();
    for (const char* name : {"linear", "polynomial", "cosine"}) {
        const Plugin& plugin = registry.require(PluginKind::schedule, name);
        const ScheduleSpec spec = schedule_spec(plugin, "", 0.5, {}, "end=0.125");
        BoundSchedule schedule(plugin, spec, 0.5, {100, 10}, 0);
        BOOST_TEST(schedule.factor(99) == 0.25, name);
        BOOST_TEST(schedule.factor(98) > 0.25, name);
    }
}

BOOST_AUTO_TEST_CASE(schedules_that_watch_give_the_same_for_the_same_reports_and_survive_broken_ones) {
    Registry registry = shipped_plugins();
    std::size_t watching = 0;
    for (const Configured& c : configurations(registry)) {
        if (!c.plugin->observes) continue;
        ++watching;
        const auto run = [&](double broken) {
            BoundSchedule schedule(*c.plugin, c.spec, 0.1, {100, 10}, 0);
            std::vector<double> factors;
            for (std::uint64_t update = 0; update < 100; ++update) {
                factors.push_back(schedule.factor(update));
                const double value = update == 49 ? broken : 1.0 / static_cast<double>(update % 40 + 1);
                if (update % 10 == 9) schedule.observe(value, true, unknown, update + 1, update / 10 + 1);
            }
            return factors;
        };
        BOOST_TEST(run(0.5) == run(0.5), c.label);
        for (const double broken : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), -1e308})
            for (const double factor : run(broken)) BOOST_TEST((std::isfinite(factor) && factor >= 0), c.label << ": " << factor);
    }
    BOOST_TEST(watching > 0);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_is_refused) {
    struct Case { const char *schedule, *settings, *message; };
    Registry registry = shipped_plugins();
    for (const Case& c : std::vector<Case>{
             {"step", "", "schedule 'step' needs 'size'"},
             {"step", "size=0", "size = 0 is outside (0, inf)"},
             {"multi_step", "milestones=1 2;gamma=0.1 0.2 0.3", "schedule 'multi_step': gamma needs one value, or one for each of the milestones"},
             {"piecewise_constant", "boundaries=3", "schedule 'piecewise_constant': either values or scales must be given, and not both"},
             {"piecewise_constant", "boundaries=3;values=0.1 0.2;scales=0.5",
              "schedule 'piecewise_constant': either values or scales must be given, and not both"},
             {"piecewise_constant", "boundaries=3;values=0.1", "schedule 'piecewise_constant': values needs one more entry than boundaries"},
             {"piecewise_constant", "boundaries=3;scales=0.1 0.2", "schedule 'piecewise_constant': scales needs as many entries as boundaries"},
             {"natural_exp", "k=-1", "k = -1 is outside [0, inf)"},
             {"power_decay", "p=1.5", "p = 1.5 is outside (0, 1]"},
             {"polynomial", "power=0", "power = 0 is outside (0, inf)"}}) {
        const Plugin& plugin = registry.require(PluginKind::schedule, c.schedule);
        const Resolution<ScheduleSpec> resolution = resolve_schedule(plugin, "", 0.1, {}, given_values(plugin, c.settings));
        BOOST_REQUIRE_EQUAL(resolution.problems.size(), 1);
        BOOST_TEST(resolution.problems[0].message == c.message);
    }
}

BOOST_AUTO_TEST_SUITE_END()
