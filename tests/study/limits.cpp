// `budget`, `early_stop`, and the rules that end configurations early: what is read, and what it does to plans and ids.
#include "study/limits.hpp"

#include <boost/test/unit_test.hpp>

#include "study/support.hpp"

namespace {

using namespace etude;
using namespace etude::test;

const std::string three_by_two = "seeds: 3\nsweep: {optimizer.lr: [0.1, 0.2]}\n";

std::string order_of(const Study& study) {
    std::string order;
    for (const PlannedTrial& trial : study.plan().trials) order += std::to_string(trial.configuration) + ":" + std::to_string(trial.seed) + " ";
    return order;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(study_limits)

BOOST_AUTO_TEST_CASE(a_budget_gives_every_configuration_its_first_seed_first) {
    BOOST_TEST(order_of(read_text(network + sgd + "budget: {trials: 3}\n" + three_by_two)) == "0:0 0:1 1:0 ");
    BOOST_TEST(order_of(read_text(network + sgd + "budget: {trials: 1}\n" + three_by_two)) == "0:0 ");
    BOOST_TEST(order_of(read_text(network + sgd + "budget: {trials: 6}\n" + three_by_two)) == "0:0 0:1 0:2 1:0 1:1 1:2 ");
    const Study study = read_text(network + sgd + "budget: {trials: 3, time: 1h30m}\n" + three_by_two);
    BOOST_TEST(study.plan().warnings ==
                   (std::vector<std::string>{"budget: the first 3 of 6 trials, the first seed of every configuration before any second one"}),
               boost::test_tools::per_element());
    BOOST_TEST(study.plan().seconds.value() == 5400);
}

BOOST_AUTO_TEST_CASE(a_budget_is_no_part_of_an_id_and_stands_in_the_resolved_study) {
    const Study whole = read_text(network + sgd + three_by_two), some = read_text(network + sgd + "budget: {trials: 3}\n" + three_by_two);
    BOOST_TEST(some.plan().trials[2].id == whole.plan().trials[3].id);
    BOOST_TEST((ids_of(read_text(some.resolved())) == ids_of(some)));
}

BOOST_AUTO_TEST_CASE(times_have_units) {
    BOOST_TEST(time_of("90s").value() == 90);
    BOOST_TEST(time_of("15m").value() == 900);
    BOOST_TEST(time_of(" 1.5 h ").value() == 5400);
    BOOST_TEST(time_of("1h30m").value() == 5400);
    BOOST_TEST(time_of("2d 1min").value() == 172860);
    for (const char* text : {"", "90", "h", "1x", "1h30", "-1h", "0s", "1:30:00", "1h,30m"}) BOOST_TEST(!time_of(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(an_early_stop_is_a_part_of_the_trial) {
    const Study plain = read_text(network + sgd), stopping = read_text(network + sgd + "early_stop: {patience: 2}\n");
    BOOST_TEST(plain.plan().trials[0].id != stopping.plan().trials[0].id);
    BOOST_TEST((stopping.trial(0).early_stop == EarlyStopSpec{.metric = "test_loss", .patience = 2}));
    BOOST_TEST(stopping.resolved().find("early_stop: {metric: test_loss, patience: 2, min_delta: 0, min_epochs: 1}\n") != std::string::npos,
               stopping.resolved());
    BOOST_TEST((ids_of(read_text(stopping.resolved())) == ids_of(stopping)));
    BOOST_TEST((ids_of(read_text(network + sgd + "early_stop: null\n")) == ids_of(plain)));
    BOOST_TEST(cells_of(read_text(network + sgd + "early_stop: {patience: 2}\nsweep: {early_stop.patience: [1, 2]}\n")) == "1|2");
    BOOST_TEST(cells_of(read_text(network + sgd + "sweep: {early_stop: [null, {patience: 2, min_delta: 0.1}]}\n")) == ",|2,0.1");
}

BOOST_AUTO_TEST_CASE(an_early_stop_watches_the_validation_part_where_there_is_one) {
    const Study study = read_text(network + sgd + "early_stop: {patience: 2}\nsweep: {data.validation: [0.2]}\n");
    BOOST_TEST(study.trial(0).early_stop->metric == "validation_loss");
}

BOOST_AUTO_TEST_CASE(a_rule_is_no_part_of_an_id_and_stands_in_the_plan_and_the_resolved_study) {
    const Study plain = read_text(network + sgd + three_by_two);
    BOOST_TEST(!plain.plan().pruning.has_value());
    for (const std::string rule : {"median: {every: 2}", "halving: {eta: 2, min_epochs: 2}", "hyperband: true", "until_decided: {min_seeds: 2}"})
        BOOST_TEST_CONTEXT(rule) {
            const Study study = read_text(network + sgd + rule + "\n" + three_by_two);
            BOOST_TEST((ids_of(study) == ids_of(plain)));
            BOOST_TEST_REQUIRE(study.plan().pruning.has_value());
            BOOST_TEST(rule.starts_with(pruning_name(study.plan().pruning->rule)));
            BOOST_TEST((read_text(study.resolved()).plan() == study.plan()));
        }
    BOOST_TEST(!read_text(network + sgd + "halving: false\n" + three_by_two).plan().pruning.has_value());
    const Study alone = read_text(network + sgd + "halving: {}\n");
    BOOST_TEST(!alone.plan().pruning.has_value());
    BOOST_TEST(alone.warnings().find("warning: halving: there is one configuration and nothing to compare it with") != std::string::npos,
               alone.warnings());
}

BOOST_AUTO_TEST_SUITE_END()
