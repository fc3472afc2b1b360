// From what a study gives to a whole configuration.
#include <boost/test/unit_test.hpp>

#include "fixtures.hpp"

using namespace etude;
using namespace etude::test;

namespace {

const GivenValue needed{"needed", 1.0};

Resolution<OptimizerSpec> everything(const std::vector<GivenValue>& given, std::string_view preset = "", std::optional<double> lr = 0.5) {
    return resolve_optimizer(optimizer_fixture("everything"), preset, lr, given);
}
/// All problems as "key: message | hint".
template <class Spec>
std::vector<std::string> problems(const Resolution<Spec>& resolution) {
    std::vector<std::string> all;
    for (const ResolveProblem& problem : resolution.problems)
        all.push_back(problem.key + ": " + problem.message + (problem.hint.empty() ? "" : " | " + problem.hint));
    return all;
}
template <class Spec>
std::string only_problem(const Resolution<Spec>& resolution) {
    const auto all = problems(resolution);
    return all.size() == 1 ? all[0] : std::to_string(all.size()) + " problems";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(resolve)

BOOST_AUTO_TEST_CASE(defaults_depend_on_the_base_and_on_each_other) {
    const auto resolved = everything({needed});
    BOOST_TEST(problems(resolved).empty());
    const Values& values = resolved.spec.values;
    BOOST_TEST(resolved.spec.name == "everything");
    BOOST_TEST(resolved.spec.lr == 0.5);
    BOOST_TEST(values.real("momentum") == 0.9);
    BOOST_TEST(values.real("largest") == 0.5);
    BOOST_TEST(values.real("start") == 0.05);
    BOOST_TEST(value_text(*values.find("pause")) == "{epochs: 1}");
    BOOST_TEST(value_text(*values.find("twice")) == "{epochs: 2}");
    BOOST_TEST(value_text(*values.find("weights")) == "[1, 0.5]");
    BOOST_TEST(values.word("form") == "buffer");
}

BOOST_AUTO_TEST_CASE(what_is_given_moves_what_depends_on_it) {
    const auto resolved =
        everything({needed, {"largest", 2.0}, {"pause", Duration{0.25, TimeUnit::fraction}}, {"weights_ratio", std::vector<double>{2, 4}}});
    BOOST_TEST(problems(resolved).empty());
    BOOST_TEST(resolved.spec.values.real("start") == 0.2);
    BOOST_TEST(value_text(*resolved.spec.values.find("twice")) == "{fraction: 0.5}");
    BOOST_TEST(value_text(*resolved.spec.values.find("weights")) == "[1, 2]");
    BOOST_TEST(everything({needed, {"largest_ratio", 3.0}}).spec.values.real("largest") == 1.5);
}

BOOST_AUTO_TEST_CASE(a_preset_changes_what_differs_from_the_defaults_and_gives_way_to_the_study) {
    const auto heavy = everything({needed, {"momentum", 0.5}}, "heavy", std::nullopt);
    BOOST_TEST(problems(heavy).empty());
    BOOST_TEST(heavy.spec.lr == 0.5);
    BOOST_TEST(heavy.spec.values.real("momentum") == 0.5);
    BOOST_TEST(heavy.spec.values.flag("nesterov"));
    BOOST_TEST(heavy.spec.values.real("start") == 0.2);    // the preset's number is the rate, no multiple
    BOOST_TEST(heavy.spec.values.real("largest") == 0.5);  // left alone by the preset: a multiple of the base
    BOOST_TEST(everything({needed}, "heavy", 0.25).spec.lr == 0.25);
}

BOOST_AUTO_TEST_CASE(a_preset_may_give_what_is_required) {
    BOOST_TEST(problems(everything({}, "settled")).empty());
    BOOST_TEST(everything({}, "settled").spec.values.real("needed") == 3);
    BOOST_TEST(only_problem(everything({}, "heavy")) == ": optimizer 'everything' needs 'needed' | needed: Without a default.");
}

BOOST_AUTO_TEST_CASE(the_rate_is_the_studys_or_the_presets_or_the_tables) {
    BOOST_TEST(resolve_optimizer(optimizer_fixture("kernels"), "", std::nullopt, {}).spec.lr == 0.01);
    BOOST_TEST(only_problem(everything({needed}, "", std::nullopt)) == ": optimizer 'everything' needs 'lr' | write lr: 0.01, or whatever fits");
    BOOST_TEST(only_problem(everything({needed}, "bare", std::nullopt)) ==
               ": optimizer 'everything' needs 'lr' | its preset 'bare' has no rate of its own");
    BOOST_TEST(problems(everything({needed}, "", 0.0))[0] == "lr: lr = 0 is outside (0, inf)");
}

BOOST_AUTO_TEST_CASE(every_problem_has_its_key_and_a_hint) {
    BOOST_TEST(only_problem(everything({needed, {"momentun", 0.5}})) ==
               "momentun: optimizer 'everything' has no parameter 'momentun' | did you mean 'momentum'?  `etude describe everything` lists them");
    BOOST_TEST(only_problem(resolve_optimizer(plugin_in("zoo", PluginKind::optimizer, "step_throws"), "", std::nullopt, {{"momentum", 0.5}})) ==
               "momentum: optimizer 'step_throws' has no parameter 'momentum' | it has none");
    BOOST_TEST(only_problem(everything({})) == ": optimizer 'everything' needs 'needed' | needed: Without a default.");
    BOOST_TEST(only_problem(everything({needed}, "heavi")) == "preset: optimizer 'everything' has no preset 'heavi' | did you mean 'heavy'?");
    BOOST_TEST(only_problem(everything({needed, {"largest", 1.0}, {"largest_ratio", 2.0}})) ==
               "largest_ratio: both 'largest' and 'largest_ratio' are given | 'largest_ratio' is 'largest' divided by lr: give one of them");
    BOOST_TEST(only_problem(everything({needed, {"largest_ratio", -1.0}})) == "largest_ratio: largest = -0.5 is outside [0, inf)");
    BOOST_TEST(only_problem(everything({needed, {"momentum_ratio", 0.5}})) ==
               "momentum_ratio: optimizer 'everything' has no parameter 'momentum_ratio' | did you mean 'momentum'?  `etude describe everything` "
               "lists them");
}

BOOST_AUTO_TEST_CASE(the_plugins_own_check_is_heard) {
    BOOST_TEST(only_problem(everything({needed, {"momentum", 0.0}, {"nesterov", true}})) ==
               ": optimizer 'everything': nesterov needs momentum above 0");
}

BOOST_AUTO_TEST_CASE(all_problems_come_at_once) {
    BOOST_TEST(problems(everything({{"momentun", 0.5}, {"share_", 0.0}}, "none", std::nullopt)).size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_schedules_preset_sets_time_and_the_study_wins) {
    const Plugin& plugin = schedule_fixture("half_cosine");
    const auto plain = resolve_schedule(plugin, "", 0.3, {}, {});
    BOOST_TEST(problems(plain).empty());
    BOOST_CHECK(plain.spec.unit == ScheduleUnit::update && plain.spec.ends == Ends::closed && plain.spec.after == After::hold);
    const auto d2l = resolve_schedule(plugin, "d2l", 0.3, {}, {});
    BOOST_CHECK(d2l.spec.unit == ScheduleUnit::epoch && d2l.spec.ends == Ends::half_open && d2l.spec.after == After::hold);
    BOOST_TEST(d2l.spec.values.real("end") == 0.01);
    const auto torch = resolve_schedule(plugin, "torch", 0.3, {ScheduleUnit::epoch, {}, After::zero}, {{"end_ratio", 0.5}});
    BOOST_CHECK(torch.spec.unit == ScheduleUnit::epoch && torch.spec.ends == Ends::half_open && torch.spec.after == After::zero);
    BOOST_TEST(torch.spec.values.real("end") == 0.15);
}

BOOST_AUTO_TEST_CASE(a_schedule_without_an_end_has_nothing_after_it) {
    BOOST_TEST(only_problem(resolve_schedule(schedule_fixture("watcher"), "", 1, {{}, {}, After::zero}, {})) ==
               "after: schedule 'watcher' has no end: after = 'zero' does not apply | "
               "only a schedule with a length that is the whole run by default has one");
}

BOOST_AUTO_TEST_CASE(every_type_crosses_the_boundary) {
    const auto resolved = everything({{"needed", 7.0},
                                      {"every", std::int64_t{12}},
                                      {"form", std::string("velocity")},
                                      {"pause", Duration{3, TimeUnit::epochs}},
                                      {"weights", std::vector<double>{4, 5}},
                                      {"milestones", std::vector<Duration>{{2, TimeUnit::ticks}, {1, TimeUnit::epochs}}},
                                      {"label", std::string("a long label, which does not fit into a small string")}});
    BOOST_TEST(problems(resolved).empty());
    const Plugin& plugin = optimizer_fixture("everything");
    BoundOptimizer optimizer(plugin, resolved.spec, 1, {{40, 4}, 0, 10, {}});
    float weight = 0, gradient = 0;
    optimizer.step(0, 0.5, 0, 1, {&weight, 1}, {&gradient, 1});
    const std::vector<double> expected{0.9, 0.5, 0.05, 0.5, 12, 0, 1, 12, 24, 45, 24, 52, 7};
    BOOST_TEST(optimizer.scalars() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
