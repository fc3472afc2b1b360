// What shipped schedules promise beyond the checks that every plugin passes (conformance_optimizers.cpp).
#include <boost/test/unit_test.hpp>

#include "plugin/conformance_parts.hpp"
#include "plugins/harness.hpp"

using namespace etude;
using namespace etude::test;

BOOST_AUTO_TEST_SUITE(schedule_conformance)

BOOST_AUTO_TEST_CASE(a_schedule_that_decays_begins_at_the_base) {
    Registry registry = shipped_plugins();
    for (const char* name : {"constant", "step", "multi_step", "exponential", "natural_exp", "inverse_time", "power_decay", "linear", "polynomial",
                             "cosine", "plateau"}) {
        const Plugin& plugin = registry.require(PluginKind::schedule, name);
        ScheduleSpec spec = resolve_schedule(plugin, "", 0.1, {}, etude::detail::example_of(plugin).given).spec;
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
