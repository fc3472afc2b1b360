// Each rule of conformance is broken by one plugin: the check that should see it does, and a crash is told from a finding.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "fixtures.hpp"
#include "plugin/conformance.hpp"
#include "plugin/conformance_run.hpp"

using namespace etude;
using namespace etude::test;

namespace {

/// "CHECK: FIRST PROBLEM" of the first check that failed, "" when all hold.
std::string first_failure(const std::string& name) {
    for (const CheckOutcome& check : check_in_child(fixture_folder("naughty") / (name + ".so")).checks)
        if (!check.problems.empty()) return check.name + ": " + check.problems.front();
    return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(plugin_conformance)

BOOST_AUTO_TEST_CASE(a_plugin_that_breaks_a_rule_is_caught_by_the_check_of_that_rule) {
    struct Case {
        const char *name, *failure;
    };
    for (const Case& c : std::vector<Case>{
             {"writes_beyond", "nothing is written outside the buffers: default: with 1 weights in baseline"},
             {"remembers", "the same run gives the same bits: default: two equal runs of 20 updates differ"},
             {"shares", "two threads at once give the same bits as each alone: default, beside default on another thread: other bits than alone"},
             {"moves_at_rest", "a rate of 0 leaves the weights alone: default: the weights moved"},
             {"mixes", "parts give the same bits as the whole: default: parts give other bits than the whole: it is not elementwise"},
             {"asks_in_part",
              "the same run gives the same bits: default: optimizer 'asks_in_part' failed at update 0: it asks at a point that it did not write "
              "whole"},
             {"moves_to_ask",
              "the same run gives the same bits: default: optimizer 'moves_to_ask' failed at update 0: it changes weights or state by asking"},
             {"climbs", "it descends on known functions: default: on sphere 1 of the value it began with are left at the best of seven rates"},
             {"hides", "a gradient that is no number spoils its own weight alone: default: a gradient of NaN is hidden: its weight stays a number"},
             {"falls_below", "the table says what is meant: the summary is no sentence: it ends without a full stop"}})
        BOOST_TEST(first_failure(c.name) == c.failure);
}

BOOST_AUTO_TEST_CASE(a_schedule_that_is_no_function_of_the_update_is_caught) {
    BOOST_TEST(first_failure("wanders").starts_with("a factor depends on the update alone: default, unit: update, ends: closed: update 0: "));
}

BOOST_AUTO_TEST_CASE(a_schedule_is_tried_in_short_runs) {
    const ConformanceReport report = check_in_child(fixture_folder("naughty") / "falls_below.so");
    const auto check =
        std::ranges::find(report.checks, "factors are finite and not negative in runs of 1, 2, 3 and 1000 updates", &CheckOutcome::name);
    BOOST_REQUIRE((check != report.checks.end()));
    BOOST_REQUIRE(!check->problems.empty());
    BOOST_TEST(check->problems[0] ==
               "default, unit: update, ends: closed: schedule 'falls_below': factor is -1 at update 0 in a run of 1 updates, 1 an epoch");
}

BOOST_AUTO_TEST_CASE(a_plugin_that_crashes_fails_a_check_and_nothing_else) {
    const ConformanceReport report = check_in_child(fixture_folder("naughty") / "crashes.so");
    BOOST_TEST(!report.passed());
    BOOST_TEST(report.checks.back().name == "the same run gives the same bits");
    BOOST_TEST(report.checks.back().problems.back() == "the plugin crashed: SIGSEGV");
    BOOST_TEST(first_failure("leaves") == "the same run gives the same bits: the plugin ended the process with exit code 7");
}

BOOST_AUTO_TEST_CASE(a_plugin_that_keeps_the_rules_passes) {
    for (const char* name : {"heavy_ball", "half_cosine", "watcher"}) {
        const ConformanceReport report = check_in_child(fixture_folder("good") / (std::string(name) + ".so"));
        BOOST_TEST(report.passed(), report.text());
        BOOST_TEST(report.checks.size() >= 4u);
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_plugin_fails_the_first_check) {
    BOOST_TEST(check_in_child(fixture_folder("zoo") / "other_major.so").text() ==
               "  failed  it opens and its table is accepted\n          built for plugin ABI 2.x; this framework speaks 1.x: build it again\n");
}

BOOST_AUTO_TEST_SUITE_END()
