#include "study/grid.hpp"

#include <boost/test/unit_test.hpp>

#include "study/support.hpp"

namespace {

using namespace etude;
using namespace etude::test;

Study swept(const std::string& sweep) { return read_text(network + sgd + "sweep:\n" + sweep); }

}  // namespace

BOOST_AUTO_TEST_SUITE(study_grid)

BOOST_AUTO_TEST_CASE(seeds_to_choose_on_come_before_seeds_to_report_on) {
    const Study study = read_text(network + sgd + "seeds: {tune: 2, report: 3}\n");
    const auto& trials = study.plan().trials;
    BOOST_TEST_REQUIRE(trials.size() == 5U);
    for (std::size_t i = 0; i < trials.size(); ++i) {
        BOOST_TEST(trials[i].seed == i);
        BOOST_TEST((trials[i].role == (i < 2 ? SeedRole::tune : SeedRole::report)));
    }
    BOOST_TEST(study.resolved().find("seeds: {tune: 2, report: 3}") != std::string::npos, study.resolved());
    BOOST_TEST(trials[4].id == read_text(network + sgd + "seeds: [4]\n").plan().trials[0].id);
}

BOOST_AUTO_TEST_CASE(the_first_axis_is_slowest_and_seeds_are_fastest) {
    const Study study = read_text(network + sgd + "seeds: [3, 1]\nsweep:\n  optimizer.lr: [0.1, 0.2]\n  train.batch: [5, 10]\n");
    BOOST_TEST(cells_of(study) == "0.1,5|0.1,10|0.2,5|0.2,10");
    std::string order;
    for (const PlannedTrial& trial : study.plan().trials) order += std::to_string(trial.configuration) + ":" + std::to_string(trial.seed) + " ";
    BOOST_TEST(order == "0:3 0:1 1:3 1:1 2:3 2:1 3:3 3:1 ");
    BOOST_TEST(study.trial(5).optimizer.lr == 0.2);
    BOOST_TEST(study.trial(5).train.batch == 5u);
    BOOST_TEST(study.trial(5).seed == 1u);
}

BOOST_AUTO_TEST_CASE(log_points_are_exactly_the_decades) {
    BOOST_TEST(cells_of(swept("  optimizer.lr: {log: [1e-7, 1], points: 8}\n")) == "1e-7|1e-6|1e-5|1e-4|0.001|0.01|0.1|1");
}

BOOST_AUTO_TEST_CASE(linear_and_one_minus_log_include_both_ends) {
    BOOST_TEST(cells_of(swept("  optimizer.lr: {linear: [0.1, 0.4], points: 4}\n")) == "0.1|0.2|0.3|0.4");
    BOOST_TEST(cells_of(swept("  optimizer.momentum: {one_minus_log: [0.9, 0.999], points: 3}\n")) == "0.9|0.99|0.999");
    BOOST_TEST(cells_of(swept("  train.batch: {linear: [5, 15], points: 3}\n")) == "5|10|15");
    BOOST_TEST(cells_of(swept("  optimizer.lr: {values: [0.1, 3e-1]}\n")) == "0.1|0.3");
}

BOOST_AUTO_TEST_CASE(a_zip_is_one_axis_where_it_stands) {
    const Study study = swept("  train.epochs: [1, 2]\n  zip: {optimizer.lr: [0.1, 0.2], train.batch: [5, 10]}\n  optimizer.momentum: [0, 0.9]\n");
    BOOST_TEST(cells_of(study) == "1,0.1,5,0|1,0.1,5,0.9|1,0.2,10,0|1,0.2,10,0.9|2,0.1,5,0|2,0.1,5,0.9|2,0.2,10,0|2,0.2,10,0.9");
}

BOOST_AUTO_TEST_CASE(a_list_of_zips_is_a_product_of_groups) {
    const Study study =
        swept("  zip:\n    - {optimizer.lr: [0.1, 0.2], train.batch: [5, 10]}\n    - {optimizer.momentum: [0, 0.9], train.epochs: [1, 2]}\n");
    BOOST_TEST(cells_of(study) == "0.1,5,0,1|0.1,5,0.9,2|0.2,10,0,1|0.2,10,0.9,2");
}

BOOST_AUTO_TEST_CASE(excluded_assignments_are_left_out_whatever_the_form_of_their_numbers) {
    const Study study = swept("  optimizer.lr: [0.1, 1]\n  train.batch: [5, 10]\n  exclude: [{optimizer.lr: 1e0, train.batch: 5.0}]\n");
    BOOST_TEST(cells_of(study) == "0.1,5|0.1,10|1,10");
    BOOST_TEST(study.warnings() == "");
}

BOOST_AUTO_TEST_CASE(an_invalid_assignment_may_be_excluded_by_a_key_of_a_swept_mapping) {
    const Study study = swept(
        "  optimizer: [{name: sgd, lr: 0.1}, {name: adam, lr: 0.1}]\n  train.batch: [5, 10]\n  exclude: [{optimizer.name: adam, train.batch: 5}]\n");
    BOOST_TEST(cells_of(study) == "sgd,0.1,5|sgd,0.1,10|adam,0.1,10");
}

BOOST_AUTO_TEST_CASE(an_exclusion_that_leaves_nothing_out_is_a_warning) {
    const Study study = swept("  optimizer.lr: [0.1, 1]\n  exclude: [{optimizer.lr: 2}]\n");
    BOOST_TEST(study.warnings().ends_with(":11:13: warning: this excludes nothing\n    exclude: [{optimizer.lr: 2}]\n              ^\n"));
}

BOOST_AUTO_TEST_CASE(blocks_are_a_union_and_a_trial_that_two_name_is_one_at_its_first_place) {
    const Study study = swept("  - optimizer.lr: [0.1, 0.2]\n  - optimizer.momentum: [0, 0.9]\n  - optimizer: [{name: sgd, lr: 2e-1}]\n");
    BOOST_TEST(cells_of(study) == "0.1,0,sgd|0.2,0,sgd|0.1,0.9,sgd");
    BOOST_TEST(study.plan().trials.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_swept_mapping_replaces_and_paths_inside_it_are_applied_after_it_whatever_the_order) {
    const Study study = swept("  optimizer.momentum: [0.5]\n  optimizer: [{name: sgd, lr: 0.3}, {name: sgd, lr: 0.4, nesterov: false}]\n");
    BOOST_TEST(cells_of(study) == "0.5,sgd,0.3,false|0.5,sgd,0.4,false");
    BOOST_TEST(study.trial(0).optimizer.values.real("momentum") == 0.5);
}

BOOST_AUTO_TEST_CASE(leaves_of_swept_mappings_are_columns_and_a_leaf_that_is_not_there_is_empty) {
    const Study study = swept("  optimizer: [{name: sgd, lr: 0.3, momentum: 0.9}, {name: adam, lr: 1e-1, beta1: 0.8}]\n");
    BOOST_TEST(study.plan().columns == (std::vector<std::string>{"optimizer.name", "optimizer.lr", "optimizer.momentum", "optimizer.beta1"}),
               boost::test_tools::per_element());
    BOOST_TEST(cells_of(study) == "sgd,0.3,0.9,|adam,0.1,,0.8");
}

BOOST_AUTO_TEST_CASE(a_swept_list_or_duration_is_one_column_with_its_flow_text) {
    const Study lists =
        read_text(network + sgd + "schedule: {name: multi_step, unit: epoch, milestones: [1]}\nsweep:\n  schedule.milestones: [[1, 2], [3]]\n");
    BOOST_TEST(cells_of(lists) == "[1, 2]|[3]");
    const Study lengths = read_text(network + sgd + "sweep:\n  schedule.warmup: [null, {length: {epochs: 1}}, {length: 3, mode: product}]\n");
    BOOST_TEST(lengths.plan().columns == (std::vector<std::string>{"schedule.warmup.length", "schedule.warmup.mode"}),
               boost::test_tools::per_element());
    BOOST_TEST(cells_of(lengths) == ",|{epochs: 1},prefix|3,product");
    BOOST_TEST(labels_of(lengths) == "no warmup|length 1 epochs|length 3 mode product");
}

BOOST_AUTO_TEST_CASE(bare_names_can_be_swept_and_opened) {
    const Study study = swept("  loss.label_smoothing: [0, 0.1]\n  model.0.dense.units: [5, 7]\n");
    BOOST_TEST(cells_of(study) == "0,5|0,7|0.1,5|0.1,7");
}

BOOST_AUTO_TEST_CASE(labels_are_short_names_of_what_differs) {
    BOOST_TEST(labels_of(swept("  optimizer.lr: [0.1, 1e-2]\n")) == "lr 0.1|lr 0.01");
    BOOST_TEST(labels_of(swept("  optimizer: [{name: sgd, lr: 0.1}, {name: adam, lr: 0.1}]\n  train.batch: [5, 10]\n")) ==
               "sgd, batch 5|sgd, batch 10|adam, batch 5|adam, batch 10");
    BOOST_TEST(labels_of(swept("  optimizer: [{name: sgd, lr: 0.1}, {name: sgd, lr: 0.2}]\n")) == "sgd lr 0.1|sgd lr 0.2");
    BOOST_TEST(labels_of(swept("  optimizer: [{name: sgd, lr: 0.1, as: 慢}, {name: sgd, lr: 0.2, as: fast}]\n")) == "慢|fast");
    BOOST_TEST(labels_of(swept("  model.0.dense.units: [5, 7]\n  model.1.dense.init: [zeros]\n")) == "units 5|units 7");
    BOOST_TEST(labels_of(swept("  model.0.dense.bias: [true, false]\n  model.1.dense.bias: [true]\n")) == "0.dense.bias true|0.dense.bias false");
    BOOST_TEST(labels_of(swept("  - optimizer.lr: [0.1, 0.2]\n  - optimizer.lr: [0.1]\n    schedule: [{name: cosine, as: falling}]\n")) ==
               "lr 0.1|lr 0.2|falling");
    BOOST_TEST(labels_of(swept("  zip: {optimizer.lr: [0.1, 0.2], schedule: [{name: constant, as: flat}, {name: cosine, as: falling}]}\n")) ==
               "flat|falling");
    BOOST_TEST(labels_of(read_text(network + sgd)) == "sgd");
    BOOST_TEST(labels_of(swept("  optimizer.lr: {log: [0.001, 0.1], points: 5}\n")) == "lr 0.001|lr 0.003162|lr 0.01|lr 0.03162|lr 0.1");
    BOOST_TEST(labels_of(swept("  optimizer.lr: [0.100001, 0.100002, 0.2]\n")) == "lr 0.100001|lr 0.100002|lr 0.2");  // rounded they were one
}

BOOST_AUTO_TEST_CASE(labels_are_unique_within_a_plan) {
    const Study study = swept("  - optimizer: [{name: sgd, lr: 0.1, as: same}, {name: sgd, lr: 0.2, as: same}]\n  - train.batch: [5]\n");
    BOOST_TEST(labels_of(study) == "name sgd, lr 0.1, batch 10|name sgd, lr 0.2, batch 10|name sgd, lr 0.1, batch 5");
}

BOOST_AUTO_TEST_CASE(ten_thousand_trials_are_planned) {
    const Study study =
        read_text(network + sgd + "seeds: 100\nsweep:\n  optimizer.lr: {log: [1e-5, 1], points: 20}\n  train.batch: {linear: [1, 5], points: 5}\n");
    BOOST_TEST(study.plan().trials.size() == 10000u);
    BOOST_TEST(study.plan().configurations.size() == 100u);
}

BOOST_AUTO_TEST_SUITE_END()
