// Schedules of schedules as studies write them: what is read, what is inherited, what is refused, and which trials are the same.
#include <boost/test/unit_test.hpp>

#include "study/identity.hpp"
#include "study/support.hpp"

namespace {

using namespace etude;
using namespace etude::test;

const std::string plain = network + sgd;

std::string with_schedule(const std::string& schedule) { return plain + "schedule: " + schedule + "\n"; }
ScheduleSpec read(const std::string& schedule) { return read_text(with_schedule(schedule)).trial(0).schedule; }
std::string id(const std::string& schedule) { return ids_of(read_text(with_schedule(schedule))).front(); }

/// Message and hint of the one error.
std::string refusal(const std::string& schedule) {
    const std::string text = errors_of(with_schedule(schedule));
    BOOST_TEST(text.find("1 error;") != std::string::npos, text);
    const std::size_t message = text.find("error: "), hint = text.find("  hint: ");
    if (message == std::string::npos) return text;
    std::string result = text.substr(message + 7, text.find('\n', message) - message - 7);
    if (hint != std::string::npos) result += " | " + text.substr(hint + 8, text.find('\n', hint) - hint - 8);
    return result;
}

std::string canonical(const std::string& schedule) {
    Registry registry = plugins();
    return canonical_text(read_text(with_schedule(schedule)).trial(0), registry, {});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(schedules_of_schedules)

BOOST_AUTO_TEST_CASE(a_sequence_has_children_with_their_times) {
    const ScheduleSpec spec = read("{sequence: [{name: cosine, length: {updates: 5}, for: {epochs: 1}}, {name: constant}], continuous: true}");
    BOOST_TEST((spec.combination == Combination::sequence));
    BOOST_TEST(spec.continuous);
    BOOST_TEST_REQUIRE(spec.children.size() == 2u);
    BOOST_TEST(spec.children[0].name == "cosine");
    BOOST_TEST((spec.children[0].lasts == Duration{1, TimeUnit::epochs}));
    BOOST_TEST((spec.children[0].values.find("length") != nullptr));
    BOOST_TEST(!spec.children[1].lasts.has_value());
}

BOOST_AUTO_TEST_CASE(a_bare_name_is_a_schedule_in_a_list_too) {
    BOOST_TEST((read("{product: [cosine, {max_of: [{name: constant}, linear]}]}") ==
                read("{product: [{name: cosine}, {max_of: [constant, {name: linear}]}]}")));
}

BOOST_AUTO_TEST_CASE(the_unit_is_inherited_unless_it_is_given) {
    const ScheduleSpec spec = read("{product: [cosine, {name: linear, unit: update}, {min_of: [constant]}], unit: epoch}");
    BOOST_TEST((spec.unit == ScheduleUnit::epoch));
    BOOST_TEST((spec.children[0].unit == ScheduleUnit::epoch));
    BOOST_TEST((spec.children[1].unit == ScheduleUnit::update));
    BOOST_TEST((spec.children[2].children[0].unit == ScheduleUnit::epoch));
}

BOOST_AUTO_TEST_CASE(one_monitor_serves_all_that_watch) {
    const ScheduleSpec spec = read("{product: [{name: plateau}, {name: inverse_time, k: 0.1}, plateau], monitor: train_loss}");
    BOOST_TEST(spec.monitor->metric == "train_loss");
    BOOST_TEST(spec.children[0].monitor->metric == "train_loss");
    BOOST_TEST(!spec.children[1].monitor.has_value());
    BOOST_TEST(read("{product: [plateau, constant]}").monitor->metric == "test_loss");
    BOOST_TEST(read("{product: [{name: plateau, monitor: train_loss}, constant]}").monitor->metric == "train_loss");
    BOOST_TEST(!read("{product: [cosine, constant]}").monitor.has_value());
}

BOOST_AUTO_TEST_CASE(any_schedule_can_be_shaped) {
    const ShapingSpec shaping = read("{name: cosine, scale: 0.5, clip: [0.001, 0.05], delay: {epochs: 1}, quantize: {updates: 2}, "
                                     "repeat: {period: {epochs: 2}, count: 3, length_factor: 2, amplitude_factor: 0.5, mirror: true}}")
                                    .shaping;
    BOOST_TEST(*shaping.scale == 0.5);
    BOOST_TEST((shaping.clip == RateLimits{0.001, 0.05}));
    BOOST_TEST((shaping.delay == Duration{1, TimeUnit::epochs}));
    BOOST_TEST((shaping.quantize == Duration{2, TimeUnit::updates}));
    BOOST_TEST((shaping.repeat == RepeatSpec{{2, TimeUnit::epochs}, 3, 2, 0.5, true}));
    BOOST_TEST((read("{name: cosine, clip: {min: 0.001}}").shaping.clip == RateLimits{0.001, {}}));
    BOOST_TEST((read("{name: cosine, clip: null, scale: null}").shaping == ShapingSpec{}));
}

BOOST_AUTO_TEST_CASE(a_sweep_reaches_into_the_list) {
    const Study study = read_text(with_schedule("{product: [{name: inverse_time, k: 0.1}, {name: cosine}]}") +
                                  "sweep:\n  schedule.product.0.k: [0.1, 0.2]\n");
    BOOST_TEST_REQUIRE(study.plan().trials.size() == 2u);
    BOOST_TEST(study.trial(1).schedule.children[0].values.real("k") == 0.2);
}

BOOST_AUTO_TEST_CASE(a_resolved_study_reads_back_as_the_same_trials) {
    for (const std::string schedule :
         {"{sequence: [{name: cosine, end_ratio: 0.1, for: {epochs: 2}, scale: 0.5}, {product: [plateau, {name: step, size: 2}]}], continuous: true, "
          "unit: epoch}",
          "{name: cosine, delay: 3, quantize: {epochs: 1}, clip: {max: 0.05}, repeat: {period: 5, mirror: true}, warmup: {length: 2}}",
          "{max_of: [{name: cosine}, {min_of: [constant, linear], clip: [0, 0.01]}], warmup: {length: {epochs: 1}}}"})
        for (const std::string sweep : {"", "sweep:\n  optimizer.lr: [0.1, 0.2]\n"}) {
            const Study study = read_text(with_schedule(schedule) + sweep);
            BOOST_TEST_CONTEXT(study.resolved()) {
                const Study again = read_text(study.resolved());
                BOOST_TEST(ids_of(again) == ids_of(study), boost::test_tools::per_element());
                BOOST_TEST(again.resolved() == study.resolved());
                const auto& first = study.plan().configurations.front();
                BOOST_TEST(ids_of(read_text("study: one\n" + first.resolved)).front() == study.plan().trials.front().id);
            }
        }
}

BOOST_AUTO_TEST_CASE(a_plain_schedule_is_the_trial_that_it_was_before_there_were_combinations) {
    const std::string text = canonical("{name: cosine, warmup: {length: 5}}");
    const std::size_t at = text.find("schedule ");
    BOOST_TEST(text.substr(at, text.find('\n', at) - at) ==
               "schedule cosine end=0 k_decay=1 length={fraction: 1} power=1 unit=update ends=closed after=hold warmup.length=5 from=0 shape=linear "
               "ends=shifted mode=prefix");
    std::size_t lines = 0;
    for (std::size_t line = text.find("\nplugin "); line != std::string::npos; line = text.find("\nplugin ", line + 1)) ++lines;
    BOOST_TEST(lines == 2u);
}

BOOST_AUTO_TEST_CASE(whatever_changes_a_combination_changes_the_trial) {
    const std::vector<std::string> schedules{
        "constant",
        "{product: [constant]}",
        "{product: [constant, constant]}",
        "{min_of: [constant, constant]}",
        "{max_of: [constant, constant]}",
        "{product: [constant, cosine]}",
        "{product: [cosine, constant]}",
        "{product: [cosine, {product: [constant]}]}",
        "{product: [{name: cosine, end: 0.01}, constant]}",
        "{sequence: [{name: constant, for: 3}, cosine]}",
        "{sequence: [{name: constant, for: 4}, cosine]}",
        "{sequence: [{name: constant, for: 4}, cosine], continuous: true}",
        "{name: cosine, scale: 0.5}",
        "{name: cosine, delay: 5}",
        "{name: cosine, quantize: 5}",
        "{name: cosine, clip: [0, 0.5]}",
        "{name: cosine, clip: {min: 0.001}}",
        "{name: cosine, repeat: {period: 5}}",
        "{name: cosine, repeat: {period: 5, mirror: true}}",
        "{name: cosine, repeat: {period: 5, count: 2}}",
    };
    std::vector<std::string> ids;
    for (const std::string& schedule : schedules) ids.push_back(id(schedule));
    std::ranges::sort(ids);
    BOOST_TEST((std::ranges::adjacent_find(ids) == ids.end()));
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_refused_with_what_does) {
    BOOST_TEST(refusal("{name: cosine, product: [constant]}") ==
               "a 'product' of schedules has no name of its own | put the named schedule into its list");
    BOOST_TEST(refusal("{sequence: [constant], product: [constant]}") ==
               "a schedule is a 'sequence' or a 'product', not both | write one inside the other");
    BOOST_TEST(refusal("{product: []}") ==
               "product is empty, not a list of schedules | `product: [{name: cosine}, {name: step, size: 10}]`, each with its keys");
    BOOST_TEST(refusal("{product: [cosine], ends: closed}") == "a 'product' has no 'ends' | it belongs to the schedules in its list");
    BOOST_TEST(refusal("{product: [cosine], continuous: true}") ==
               "a 'product' has no key 'continuous' | one of: unit, warmup, monitor, for, until, repeat, delay, quantize, scale, clip");
    BOOST_TEST(refusal("{sequence: [cosine, constant]}") ==
               "a schedule that another one follows needs 'for' | how long it lasts: `for: {epochs: 10}`");
    BOOST_TEST(refusal("{sequence: [{name: cosine, for: 3}]}") ==
               "the last schedule of a sequence has no 'for' | it has the rest of the time; `{name: constant}` may follow it");
    BOOST_TEST(refusal("{name: cosine, for: 3}") ==
               "'for' is the time of a schedule in a 'sequence' | `sequence: [{name: cosine, for: {epochs: 10}}, {name: constant}]`");
    BOOST_TEST(refusal("{product: [plateau, {name: plateau, monitor: train_loss}]}") ==
               "schedules of one 'product' monitor differently | write one `monitor:` beside 'product'");
    BOOST_TEST(refusal("{product: [cosine], monitor: train_loss}") == "a 'product' of these schedules watches no metric | remove `monitor:`");
    BOOST_TEST(refusal("{product: [plateau], repeat: {period: 5}}") ==
               "a schedule that watches a metric cannot repeat | it has no cycles to go back to the beginning of");
    BOOST_TEST(refusal("{name: cosine, clip: 3}") == "clip is a number, not two limits | `clip: [1e-5, 0.1]` or `clip: {min: 1e-5}`: absolute rates");
    BOOST_TEST(refusal("{name: cosine, clip: [1, 0.5]}") ==
               "clip: the upper limit 0.5 lies below the lower one, 1 | `clip: [1e-5, 0.1]` or `clip: {min: 1e-5}`: absolute rates");
    BOOST_TEST(refusal("{name: cosine, repeat: {count: 2}}") ==
               "'schedule.repeat.period' is missing | the length of a cycle: `repeat: {period: {epochs: 10}}`");
    BOOST_TEST(refusal("{sequence: [constant], continuous: 2}").starts_with("continuous: '2' is not"));
    BOOST_TEST(refusal("{name: cosine, scale: -1}") == "scale = -1 is outside (0, inf)");
    BOOST_TEST(refusal("{name: cosine, quantize: 0}") == "quantize = 0 is outside (0, inf)");
    BOOST_TEST(refusal("{product: [cosine, cosin]}") == "there is no schedule 'cosin' | did you mean 'cosine'?");
}

BOOST_AUTO_TEST_CASE(a_child_that_draws_no_rate_is_found_before_the_run) {
    BOOST_TEST(refusal("{sequence: [{name: cosine, for: 5}, {name: constant, warmup: {length: 3, ends: half_open}}], continuous: true}") ==
               "a continuous sequence: what begins at its update 5 begins at rate 0");
}

BOOST_AUTO_TEST_SUITE_END()
