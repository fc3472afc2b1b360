// `range_test:` in a study: what is left out, and what stays.
#include <boost/test/unit_test.hpp>

#include "study/support.hpp"

using namespace etude;
using namespace etude::test;

namespace {

const std::string range = "range_test: {from: 1e-5, to: 1}\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(study_range)

BOOST_AUTO_TEST_CASE(axes_of_rates_are_left_out_and_others_stay) {
    const Study study = read_text(network + sgd + range +
                                  "schedule: {name: cosine}\nsweep: {optimizer.lr: [1, 0.1], schedule.end: [0, 0.01], train.batch: [5, 10]}\n");
    BOOST_TEST(study.plan().configurations.size() == 2u);
    BOOST_TEST(cells_of(study) == "5|10");
    BOOST_TEST((study.plan().metrics == range_metrics()));
    BOOST_TEST(study.trial(0).range_test->to == 1.0);
    BOOST_TEST(study.warnings().find("a range test leaves 'schedule.end' out: its rates are those of its ramp") != std::string::npos,
               study.warnings());
}

BOOST_AUTO_TEST_CASE(optimizers_that_differ_in_their_rate_alone_are_one) {
    const Study study = read_text(network + range + "sweep: {optimizer: [{name: sgd, lr: 0.1}, {name: sgd, lr: 0.01}, {name: adam}]}\n");
    BOOST_TEST(study.plan().configurations.size() == 2u);
}

BOOST_AUTO_TEST_CASE(axes_that_move_together_with_a_rate_go_on_without_it) {
    const Study study = read_text(network + sgd + range +
                                  "sweep: {zip: {optimizer.lr: [1, 0.1], train.batch: [5, 10]}, exclude: [{optimizer.lr: 1}]}\n");
    BOOST_TEST(cells_of(study) == "5|10");
}

BOOST_AUTO_TEST_CASE(rates_among_the_parameters_of_wandb_are_left_out_wherever_they_are_written) {
    const std::string nested =
        "sweep:\n  parameters:\n    optimizer: {parameters: {lr: {values: [0.1, 1]}, momentum: {values: [0, 0.9]}}}\n    train.epochs: {values: [1, "
        "2]}\n";
    const Study study = read_text(network + sgd + range + nested);
    BOOST_TEST(cells_of(study) == "0|0.9");
    const std::string left_out = " out: its rates are those of its ramp\n";
    const std::string said = study.warnings();
    BOOST_TEST(said.find("study.yaml:12:30: warning: a range test leaves 'optimizer.lr'" + left_out) != std::string::npos, said);
    BOOST_TEST(said.find("study.yaml:13:5: warning: a range test leaves 'train.epochs'" + left_out) != std::string::npos, said);
    const Study alone = read_text(network + sgd + range +
                                  "sweep: {method: random, run_cap: 4, parameters: {optimizer: {parameters: {lr: {values: [0.1]}}}}}\n");
    BOOST_TEST(alone.plan().configurations.size() == 1u);
    const Study schedules = read_text(network + sgd + range + "sweep: {parameters: {schedule: {parameters: {name: {values: [constant, cosine]}}},"
                                                              " train: {parameters: {batch: {values: [5, 10]}}}}}\n");
    BOOST_TEST(cells_of(schedules) == "5|10");
    BOOST_TEST(schedules.warnings().find("a range test leaves 'schedule' out") != std::string::npos, schedules.warnings());
}

BOOST_AUTO_TEST_CASE(the_resolved_study_reads_back_as_the_same_trials) {
    for (const std::string sweep :
         {"", "sweep: {optimizer.lr: [1, 0.1]}\n", "sweep: {train.batch: [5, 10]}\n", "sweep: {optimizer: [{name: sgd, lr: 0.1}, {name: adam}]}\n"}) {
        const Study study = read_text(network + sgd + range + sweep);
        BOOST_TEST((ids_of(read_text(study.resolved())) == ids_of(study)), study.resolved());
    }
}

BOOST_AUTO_TEST_CASE(an_ordinary_study_has_the_ids_it_had_and_a_range_test_others) {
    const Study ordinary = read_text(network + sgd), absent = read_text(network + sgd + "range_test: null\n"),
                ranged = read_text(network + sgd + range);
    BOOST_TEST((ids_of(ordinary) == ids_of(absent)));
    BOOST_TEST((ids_of(ordinary) != ids_of(ranged)));
    BOOST_TEST((ids_of(ranged) != ids_of(read_text(network + sgd + "range_test: {from: 1e-5, to: 1, updates: 200}\n"))));
    BOOST_TEST((ids_of(ranged) == ids_of(read_text(network + "optimizer: sgd\n" + range))));  // no rate is needed
}

namespace {

/// Reads with records that suggest 0.0123456, 0.02 and 0.03 for the valley; `asked` gets the trials that were asked for.
Study read_finding(const std::string& yaml, std::vector<TrialSpec>& asked) {
    const TemporaryFolder folder;
    Registry registry = plugins();
    const auto train = [&](const std::vector<TrialSpec>& trials) {
        asked.insert(asked.end(), trials.begin(), trials.end());
        std::vector<Record> records(3);
        for (std::size_t i = 0; i < 3; ++i)
            records[i].curves.push_back({.metric = "valley", .values = {}, .final = std::vector{0.02, 0.0123456, 0.03}[i]});
        return records;
    };
    return Study::read(folder.write("study.yaml", yaml), registry, {{}, DataPaths::standard(), train});
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_rate_that_is_asked_for_is_the_median_of_a_range_test_of_the_trial) {
    std::vector<TrialSpec> asked;
    const Study study = read_finding(network + sgd + "seeds: [7, 9]\nschedule: {name: one_cycle, max: {find_lr: valley, to: 100}}\n", asked);
    BOOST_TEST(study.trial(0).schedule.values.real("max") == 0.02);
    BOOST_TEST_REQUIRE(asked.size() == 10u);
    BOOST_TEST(asked[0].seed == 7u);
    BOOST_TEST(asked[9].seed == 16u);
    BOOST_TEST(asked[0].range_test->to == 100.0);
    BOOST_TEST(asked[0].range_test->from == 1e-6);
    BOOST_TEST((asked[0].model == study.trial(0).model));
    BOOST_TEST(study.warnings() == "note: {find_lr: valley} is 0.02 for sgd: median of 3 seeds, half of them between 0.0157 and 0.0245\n");
    BOOST_TEST(study.resolved().starts_with("# {find_lr: valley} is 0.02 for sgd: median of 3 seeds"), study.resolved());
    BOOST_TEST((ids_of(read_text(study.resolved())) == ids_of(study)));  // the number stands there: nothing is tested again
    std::vector<TrialSpec> none;
    BOOST_TEST((ids_of(study) == ids_of(read_finding(network + sgd + "seeds: [7, 9]\nschedule: {name: one_cycle, max: 0.02}\n", none))));
    BOOST_TEST(none.empty());
}

BOOST_AUTO_TEST_CASE(each_configuration_of_a_sweep_has_its_own_range_test_and_equal_ones_share_it) {
    std::vector<TrialSpec> asked;
    const Study study = read_finding(network +
                                         "optimizer: {name: sgd, lr: {find_lr: valley}}\nsweep: {train.batch: [5, 10], train.epochs: [3, 4], "
                                         "schedule: [constant, {name: one_cycle, max: {find_lr: valley}}]}\n",
                                     asked);
    BOOST_TEST(asked.size() == 20u);  // two batches
    BOOST_TEST(study.plan().configurations.size() == 8u);
    BOOST_TEST(study.trial(0).optimizer.lr == 0.02);
    BOOST_TEST(cells_of(study).starts_with("5,3,constant,|5,3,one_cycle,0.02|"), cells_of(study));
}

BOOST_AUTO_TEST_CASE(a_rate_that_no_test_finds_is_an_error_at_its_place) {
    std::vector<TrialSpec> asked;
    const std::string text = network + sgd + "schedule: {name: one_cycle, max: {find_lr: slide}}\n";
    BOOST_CHECK_EXCEPTION(read_finding(text, asked), Error, [](const Error& error) {
        return std::string(error.what()).find("study.yaml:9:34: error: the range test finds no rate by 'slide'\n") != std::string::npos;
    });
    BOOST_TEST(errors_of(text).find("a rate is to be found by a range test, which cannot be made here") != std::string::npos, errors_of(text));
}

BOOST_AUTO_TEST_CASE(a_ramp_that_does_not_rise_is_refused) {
    BOOST_TEST(errors_of(network + sgd + "range_test: {from: 1, to: 0.1}\n")
                   .starts_with("study.yaml:9:13: error: range_test: the rates go from 1 to 0.1\n"),
               errors_of(network + sgd + "range_test: {from: 1, to: 0.1}\n"));
    BOOST_TEST(errors_of(network + sgd + "range_test: {form: 1}\n").find("range_test has no key 'form'") != std::string::npos,
               errors_of(network + sgd + "range_test: {form: 1}\n"));
}

BOOST_AUTO_TEST_SUITE_END()
