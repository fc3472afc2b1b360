// Plugins that load and then misbehave: the trial is told which one, at which update, in the plugin's own words.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "fixtures.hpp"

using namespace etude;
using namespace etude::test;

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr Metrics nothing_known{nan, nan, nan, nan, nan, nan};

/// Updates 0..19 of an optimizer over three weights of 1.
std::vector<float> run_optimizer(const std::string& name) {
    const Plugin& plugin = plugin_in("zoo", PluginKind::optimizer, name);
    BoundOptimizer optimizer(plugin, optimizer_spec(plugin, 0.1), 3, {{20, 10}, 0, 100, {}});
    std::vector<float> weights(3, 1), gradients(3, 1);
    for (std::uint64_t update = 0; update < 20; ++update) optimizer.step(update, 0.1, 1, 10, weights, gradients);
    return weights;
}

std::string failure_of_schedule(const std::string& name) {
    const Plugin& plugin = plugin_in("zoo", PluginKind::schedule, name);
    return message_of([&] { factors(plugin, schedule_spec(plugin), {10, 5}); });
}

std::optional<std::string> check(const std::string& name) {
    const Plugin& plugin = plugin_in("zoo", PluginKind::schedule, name);
    return check_schedule(plugin, schedule_spec(plugin), 1, {10, 5}, 0).error;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(failing_plugins)

BOOST_AUTO_TEST_CASE(a_step_that_throws_fails_the_trial_with_its_update) {
    BOOST_TEST(message_of([] { run_optimizer("step_throws"); }) == "optimizer 'step_throws' failed at update 17: the matrix is singular");
    BOOST_CHECK_THROW(run_optimizer("step_throws"), PluginFailure);
}
BOOST_AUTO_TEST_CASE(an_exception_that_is_none_is_caught_too) {
    BOOST_TEST(message_of([] { run_optimizer("step_throws_an_int"); }) ==
               "optimizer 'step_throws_an_int' failed at update 0: an exception that is no std::exception");
}
BOOST_AUTO_TEST_CASE(a_step_that_fails_without_a_word_is_said_to) {
    BOOST_TEST(message_of([] { run_optimizer("step_fails_silently"); }) == "optimizer 'step_fails_silently' failed at update 0: it gives no reason");
}
BOOST_AUTO_TEST_CASE(a_message_without_an_end_is_cut) {
    BOOST_TEST(message_of([] { run_optimizer("message_without_end"); }) ==
               "optimizer 'message_without_end' failed at update 0: " + std::string(512, 'x'));
}
BOOST_AUTO_TEST_CASE(weights_that_become_nan_are_an_outcome_and_no_failure) {
    BOOST_TEST(std::isnan(run_optimizer("step_returns_nan")[0]));
}
BOOST_AUTO_TEST_CASE(a_factor_must_be_a_finite_number_from_0_on) {
    BOOST_TEST(failure_of_schedule("factor_nan") == "schedule 'factor_nan': factor is nan at update 3");
    BOOST_TEST(failure_of_schedule("factor_negative") == "schedule 'factor_negative': factor is -0.25 at update 5");
    BOOST_TEST(failure_of_schedule("factor_infinite") == "schedule 'factor_infinite': factor is inf at update 2");
}
BOOST_AUTO_TEST_CASE(a_factor_that_throws_is_named_with_its_update) {
    BOOST_TEST(failure_of_schedule("factor_throws") == "schedule 'factor_throws' failed at update 5: the logarithm of -1");
}
BOOST_AUTO_TEST_CASE(a_report_that_throws_is_named_with_its_update) {
    const Plugin& plugin = plugin_in("zoo", PluginKind::schedule, "observe_throws");
    BoundSchedule schedule(plugin, schedule_spec(plugin), 1, {10, 5}, 0);
    BOOST_TEST(message_of([&] { schedule.observe(1, true, nothing_known, 5, 1); }) ==
               "schedule 'observe_throws' failed at the report after update 5: no history yet");
}
BOOST_AUTO_TEST_CASE(all_that_is_found_before_the_run) {
    BOOST_TEST(check("factor_nan").value_or("") == "schedule 'factor_nan': factor is nan at update 3");
    BOOST_TEST(check("factor_negative").value_or("") == "schedule 'factor_negative': factor is -0.25 at update 5");
    BOOST_TEST(check("factor_throws").value_or("") == "schedule 'factor_throws' failed at update 5: the logarithm of -1");
    BOOST_TEST(check("factor_zero_first").value_or("") == "");
    const Plugin& zero_first = plugin_in("zoo", PluginKind::schedule, "factor_zero_first");
    BOOST_TEST(check_schedule(zero_first, schedule_spec(zero_first), 1, {10, 5}, 0).warning.value_or("") ==
               "schedule 'factor_zero_first': rate is 0 at update 0, the first");
    BOOST_TEST(check("observe_throws").value_or("") == "");
}
BOOST_AUTO_TEST_CASE(what_does_not_fit_the_run_is_an_error_with_a_hint) {
    const Plugin& plugin = schedule_fixture("half_cosine");
    ScheduleSpec spec = schedule_spec(plugin, {{"length", Duration{1, TimeUnit::epochs}}});
    spec.after = After::error;
    BOOST_TEST(message_of([&] { check_schedule(plugin, spec, 1, {10, 5}, 0); }) ==
               "schedule 'half_cosine' ends after 5 of the 10 ticks it has | 'after: error' refuses that: ticks are of unit 'update'");
}

BOOST_AUTO_TEST_SUITE_END()
