// Every shipped plugin keeps the rules of framework/plugin/conformance.hpp, the checks of `etude plugin check`; and what optimizers refuse.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "plugin/conformance.hpp"
#include "plugins/harness.hpp"

using namespace etude;
using namespace etude::test;

namespace {

void check_all(PluginKind kind) {
    Registry registry = shipped_plugins();
    for (const ConformanceCheck& check : conformance_checks(kind)) {
        std::size_t applied = 0;
        for (const Plugin* plugin : registry.all(kind)) {
            if (!check.applies(*plugin)) continue;
            ++applied;
            for (const std::string& problem : check.run(*plugin)) BOOST_ERROR(plugin->description.name << ": " << check.name << ": " << problem);
        }
        BOOST_TEST(applied > 0u, check.name);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(conformance)

BOOST_AUTO_TEST_CASE(all_shipped_files_are_accepted) {
    Registry registry = shipped_plugins();
    BOOST_TEST(registry.all(PluginKind::optimizer).size() >= 6);
    BOOST_TEST(registry.all(PluginKind::schedule).size() >= 12);
    for (const RejectedFile& file : registry.rejected()) BOOST_ERROR(file.file << ": " << file.reason);
}

BOOST_AUTO_TEST_CASE(every_shipped_optimizer_passes_every_check) { check_all(PluginKind::optimizer); }

BOOST_AUTO_TEST_CASE(every_shipped_schedule_passes_every_check) { check_all(PluginKind::schedule); }

BOOST_AUTO_TEST_CASE(every_shipped_optimizer_brings_a_rate) {
    Registry registry = shipped_plugins();
    for (const Plugin* plugin : registry.all(PluginKind::optimizer)) BOOST_TEST(plugin->lr > 0, plugin->description.name);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_is_refused_in_the_plugins_own_words) {
    struct Case { const char *optimizer, *settings, *message; };
    Registry registry = shipped_plugins();
    for (const Case& c : std::vector<Case>{
             {"sgd", "dampening=0.1;momentum_form=velocity", "optimizer 'sgd': dampening belongs to momentum_form: buffer"},
             {"sgd", "dampening=0.1;momentum=0.9;nesterov=true", "optimizer 'sgd': nesterov needs dampening: 0"},
             {"sgd", "momentum=1", "momentum = 1 is outside [0, 1)"},
             {"adam", "beta2=1.5", "beta2 = 1.5 is outside [0, 1)"},
             {"adam", "eps=-1e-8", "eps = -1e-8 is outside [0, 1]"},
             {"adagrad", "accumulator=-1", "accumulator = -1 is outside [0, inf)"},
             {"rmsprop", "weight_decay=-0.1", "weight_decay = -0.1 is outside [0, inf)"}}) {
        const Plugin& plugin = registry.require(PluginKind::optimizer, c.optimizer);
        const Resolution<OptimizerSpec> resolution = resolve_optimizer(plugin, "", std::nullopt, given_values(plugin, c.settings));
        BOOST_REQUIRE_EQUAL(resolution.problems.size(), 1);
        BOOST_TEST(resolution.problems[0].message == c.message);
    }
}

BOOST_AUTO_TEST_SUITE_END()
