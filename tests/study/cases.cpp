// `cases`, `when`, and `parameters` as W&B writes them.
#include <boost/test/unit_test.hpp>

#include "study/support.hpp"

namespace {

using namespace etude;
using namespace etude::test;

Study swept(const std::string& sweep, const std::vector<std::string>& overrides = {}) {
    return read_text(network + sgd + "sweep:\n" + sweep, overrides);
}

const std::string two_cases = "  cases:\n    - {optimizer.lr: 0.1, train.batch: 5}\n    - {optimizer: {name: adam, lr: 0.01}, as: mild}\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(study_cases)

BOOST_AUTO_TEST_CASE(a_case_assigns_some_paths_and_leaves_the_others_as_written) {
    const Study study = swept(two_cases);
    BOOST_TEST(study.plan().columns == (std::vector<std::string>{"optimizer.lr", "train.batch", "optimizer.name"}), boost::test_tools::per_element());
    BOOST_TEST(cells_of(study) == "0.1,5,sgd|0.01,10,adam");
    BOOST_TEST(labels_of(study) == "lr 0.1, batch 5|mild");
}

BOOST_AUTO_TEST_CASE(cases_are_an_axis_of_the_product_where_they_stand) {
    BOOST_TEST(cells_of(swept("  train.epochs: [1, 2]\n  cases: [{optimizer.lr: 0.2}, {}]\n")) == "1,0.2|1,0.1|2,0.2|2,0.1");
}

BOOST_AUTO_TEST_CASE(the_command_line_takes_paths_out_of_cases) {
    BOOST_TEST(cells_of(swept(two_cases, {"train.batch=25"})) == "0.1,sgd|0.01,adam");
    BOOST_TEST(cells_of(swept(two_cases, {"optimizer.lr=0.5"})) == "5,sgd,0.5|10,adam,0.5");
    BOOST_TEST(cells_of(swept("  cases: [{optimizer.lr: 0.2}, {optimizer.lr: 0.3}]\n  train.batch: [5]\n", {"optimizer.lr=0.5"})) == "5");
    BOOST_TEST(cells_of(swept("  cases: [{optimizer.lr: 0.2}, {train.batch: 5}]\n", {"sweep.optimizer.lr=[1, 2]"})) == "10,1|10,2|5,1|5,2");
}

BOOST_AUTO_TEST_CASE(an_axis_is_there_only_when_its_condition_holds_and_the_others_appear_once) {
    const Study study = swept("  optimizer: [{name: sgd, lr: 0.1}, {name: adam, lr: 0.01}]\n"
                              "  optimizer.momentum: {values: [0, 0.9], when: {optimizer.name: sgd}}\n"
                              "  train.batch: [5, 10]\n");
    BOOST_TEST(cells_of(study) == "sgd,0.1,0,5|sgd,0.1,0,10|sgd,0.1,0.9,5|sgd,0.1,0.9,10|adam,0.01,,5|adam,0.01,,10");
    BOOST_TEST(labels_of(study) == "sgd, momentum 0, batch 5|sgd, momentum 0, batch 10|sgd, momentum 0.9, batch 5|sgd, momentum 0.9, batch 10|"
                                   "adam, batch 5|adam, batch 10");
}

BOOST_AUTO_TEST_CASE(a_condition_may_name_several_values_and_several_paths) {
    const Study study = swept(
        "  optimizer.lr: [0.1, 0.2, 0.3]\n  train.batch: [5, 10]\n"
        "  train.epochs: {values: [1, 2], when: {optimizer.lr: [1e-1, 0.3], train.batch: 5}}\n");
    BOOST_TEST(cells_of(study) == "0.1,5,1|0.1,5,2|0.1,10,4|0.2,5,4|0.2,10,4|0.3,5,1|0.3,5,2|0.3,10,4");
}

BOOST_AUTO_TEST_CASE(a_condition_may_ask_for_an_axis_with_a_condition_above_it) {
    const Study study = swept("  optimizer.lr: [0.1, 0.2]\n  train.batch: {values: [5, 25], when: {optimizer.lr: 0.2}}\n"
                              "  train.epochs: {values: [1, 2], when: {train.batch: 25}}\n");
    BOOST_TEST(cells_of(study) == "0.1,10,4|0.2,5,4|0.2,25,1|0.2,25,2");
}

BOOST_AUTO_TEST_CASE(a_drawn_axis_may_have_a_condition_and_draws_without_it_still_differ_in_the_others) {
    const Study study = swept(
        "  draws: 4\n  optimizer.name: {choice: [sgd, adam], seed: 1}\n  optimizer.lr: {log_uniform: [1e-4, 1]}\n"
        "  optimizer.momentum: {uniform: [0, 0.9], when: {optimizer.name: sgd}}\n");
    BOOST_TEST(study.plan().configurations.size() == 4u);
    for (std::size_t i = 0; i < 4; ++i) {
        const auto& cells = study.plan().configurations[i].cells;
        BOOST_TEST((cells[0] == "sgd") == !cells[2].empty());
    }
}

BOOST_AUTO_TEST_CASE(a_condition_may_ask_for_what_the_command_line_fixes) {
    const std::string sweep = "  optimizer.name: [sgd, adam]\n  optimizer.momentum: {values: [0, 0.9], when: {optimizer.name: sgd}}\n";
    BOOST_TEST(cells_of(swept(sweep, {"optimizer.name=sgd"})) == "0|0.9");
    const Study none = swept(sweep, {"optimizer.name=adam"});
    BOOST_TEST(none.plan().trials.size() == 1u);
    BOOST_TEST(none.warnings().find("warning: this never holds: 'optimizer.momentum' is not swept") != std::string::npos, none.warnings());
}

BOOST_AUTO_TEST_CASE(the_resolved_study_has_the_same_cases_and_conditions) {
    const Study study = swept("  optimizer.lr: [0.1, 0.2]\n  train.epochs: {values: [1, 2], when: {optimizer.lr: 0.2}}\n"
                              "  cases: [{train.batch: 5, as: small}, {}]\n");
    BOOST_TEST((ids_of(read_text(study.resolved())) == ids_of(study)));
}

BOOST_AUTO_TEST_CASE(parameters_of_wandb_are_the_same_axes) {
    BOOST_TEST(cells_of(swept("  method: grid\n  parameters: {optimizer.lr: {values: [0.1, 0.2]}, train.batch: {value: 5}}\n")) == "0.1,5|0.2,5");
    BOOST_TEST(cells_of(swept("  parameters:\n    optimizer: {parameters: {lr: {values: [0.1, 0.2]}, momentum: {value: 0.9}}}\n")) ==
               "0.1,0.9|0.2,0.9");
    const auto same = [](const std::string& theirs, const std::string& ours) {
        BOOST_TEST(cells_of(swept("  method: random\n  run_cap: 5\n  parameters: {" + theirs + "}\n")) ==
                   cells_of(swept("  draws: 5\n  " + ours + "\n")));
    };
    same("optimizer.lr: {distribution: log_uniform_values, min: 1e-4, max: 1}", "optimizer.lr: {log_uniform: [1e-4, 1]}");
    same("optimizer.lr: {distribution: inv_log_uniform_values, min: 1e-4, max: 1}", "optimizer.lr: {log_uniform: [1e-4, 1]}");
    same("optimizer.lr: {distribution: uniform, min: 0.1, max: 1}", "optimizer.lr: {uniform: [0.1, 1]}");
    same("optimizer.lr: {distribution: q_uniform, min: 0.1, max: 1, q: 0.1}", "optimizer.lr: {uniform: [0.1, 1], step: 0.1}");
    same("train.batch: {distribution: int_uniform, min: 1, max: 20}", "train.batch: {int_uniform: [1, 20]}");
    same("train.batch: {distribution: q_log_uniform_values, min: 1, max: 20}", "train.batch: {log_uniform: [1, 20], step: 1}");
    same("train.batch: {values: [5, 10]}", "train.batch: {choice: [5, 10]}");
}

BOOST_AUTO_TEST_CASE(the_command_line_reaches_into_parameters) {
    const std::string sweep =
        "  parameters:\n    optimizer: {parameters: {lr: {values: [0.1, 0.2]}, momentum: {values: [0, 0.9]}}}\n    train.batch: {values: [5, 10]}\n";
    BOOST_TEST(cells_of(swept(sweep, {"optimizer.lr=0.5", "train.batch=5"})) == "0|0.9");
    BOOST_TEST(cells_of(swept(sweep, {"sweep.optimizer.momentum=[0.5]"})) == "0.1,5,0.5|0.1,10,0.5|0.2,5,0.5|0.2,10,0.5");
}

BOOST_AUTO_TEST_SUITE_END()
