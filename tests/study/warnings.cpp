// Schedules that do not fit their run: each reason once, with the number of trials it concerns, in the plan too.
#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "study/support.hpp"

using namespace etude;
using namespace etude::test;

namespace {

/// 50 training samples in batches of 10: 5 updates an epoch, 20 in all.
const std::string start =
    "study: warned\ndata: {name: blobs, samples: 100, centers: 3, features: 2, train: 50}\nmodel:\n  - dense: {units: 3}\n"
    "loss: softmax_cross_entropy\ntrain: {epochs: 4, batch: 10}\noptimizer: {name: sgd, lr: 0.1}\n";

std::vector<std::string> warnings_of(const std::string& rest) { return read_text(start + rest).plan().warnings; }
void check(const std::string& rest, const std::vector<std::string>& expected) {
    BOOST_TEST(warnings_of(rest) == expected, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(warnings)

BOOST_AUTO_TEST_CASE(a_schedule_that_is_cut_off) {
    check("schedule: {name: cosine, length: {epochs: 8}}\n",
          {"schedule 'cosine' ends before its length does: that is 40 updates, and it has 20 updates"});
    check("schedule: {name: cosine, repeat: {period: 8}}\n", {"schedule 'cosine' ends before its cycle does: 4 updates into one of 8 updates"});
    check("schedule: {name: cosine, length: {epochs: 4}}\n", {});
    check("schedule: {name: cosine, repeat: {period: 5}}\n", {});
    check("schedule: {name: cosine, repeat: {period: 5, count: 2}}\n", {});
}

BOOST_AUTO_TEST_CASE(cycles_that_are_cut_off) {
    const auto cut = [](const std::string& name, int into, int of) {
        return std::vector<std::string>{"schedule '" + name + "' ends before its cycle does: " + std::to_string(into) + " updates into one of " +
                                        std::to_string(of) + " updates"};
    };
    check("schedule: {name: cosine_restarts, first: 8}\n", cut("cosine_restarts", 4, 8));
    check("schedule: {name: cosine_restarts, first: 10}\n", {});
    check("schedule: {name: cosine_restarts, first: {epochs: 1}, t_mult: 2}\n", cut("cosine_restarts", 5, 20));  // 5, 10, 20
    check("schedule: {name: cosine_restarts, first: 4, t_mult: 4, ends: half_open}\n", {});                       // 4, 16
    check("schedule: {name: cyclic, max: 1, up: 4}\n", cut("cyclic", 4, 8));
    check("schedule: {name: cyclic, max: 1, up: 5}\n", {});
    check("schedule: {name: cyclic, max: 1}\n", cut("cyclic", 20, 4000));  // its default, 2000 up and down
    check("schedule: {name: cyclic, max: 1, up: 4, mode: triangular2, warmup: {length: 4}}\n", {});
    check("schedule: {name: expression, formula: 'lr0 * (1.5 - 0.5 * cos(2 * pi * t / 12))'}\n", cut("expression", 8, 12));
    check("schedule: {name: noise}\n", {});
    check("schedule: {name: one_cycle, max: 1}\n", {});
    check("schedule: {sequence: [{name: cyclic, max: 1, up: 2, for: 10}, {name: constant}]}\n", cut("cyclic", 2, 4));
}

BOOST_AUTO_TEST_CASE(schedules_of_other_things_are_looked_at_too) {
    const std::string momentum = "schedules: {optimizer.momentum: {name: cosine, length: {epochs: 8}}}\nsweep: {optimizer.momentum: [0.5]}\n";
    check(momentum, {"optimizer.momentum: schedule 'cosine' ends before its length does: that is 40 updates, and it has 20 updates"});
    check("schedules: {train.batch: {name: multi_step, milestones: [2, 6], gamma: 2}}\n",
          {"train.batch: schedule 'multi_step': 6 lies after the end, at epoch 6 of 4"});
}

BOOST_AUTO_TEST_CASE(a_milestone_after_the_end) {
    check("schedule: {name: multi_step, milestones: [10, 21, 30], gamma: 0.1}\n",
          {"schedule 'multi_step': 21 lies after the end, at update 21 of 20"});
    check("schedule: {name: multi_step, milestones: [10, 20], gamma: 0.1}\n", {});
}

BOOST_AUTO_TEST_CASE(a_warmup_longer_than_the_run) {
    check("schedule: {name: constant, warmup: {length: {epochs: 5}}}\n",
          {"schedule 'constant': its warm-up of 25 updates is longer than the 20 updates it has"});
    check("schedule: {name: constant, warmup: {length: {epochs: 4}}}\n", {});
}

BOOST_AUTO_TEST_CASE(a_part_of_a_sequence_that_never_begins) {
    check("schedule: {sequence: [{name: constant, for: {epochs: 4}}, {name: cosine}]}\n",
          {"sequence: its schedule 2, 'cosine', begins at the end or after it, at update 20 of 20"});
}

BOOST_AUTO_TEST_CASE(absolute_rates_under_a_swept_base) {
    const std::string absolute = "schedule: {name: piecewise_interpolate, at: [0, 20], values: [0.1, 0.01]}\n";
    check(absolute + "sweep: {optimizer.lr: [0.1, 1]}\nseeds: 3\n",
          {"schedule 'piecewise_interpolate': every rate is absolute, so that the swept optimizer.lr has no effect (all 6 trials)"});
    check(absolute + "sweep: {optimizer.momentum: [0, 0.5]}\n", {});
    check("schedule: {name: linear, end: 0.01}\nsweep: {optimizer.lr: [0.1, 1]}\n", {});
}

BOOST_AUTO_TEST_CASE(the_number_of_trials_it_concerns_is_said) {
    check("schedule: {name: cosine}\nsweep: {schedule.length: [{epochs: 4}, {epochs: 5}, {epochs: 6}]}\nseeds: 2\n",
          {"schedule 'cosine' ends before its length does: that is 25 updates, and it has 20 updates (4 of 6 trials)"});
}

BOOST_AUTO_TEST_CASE(an_early_stop_that_comes_too_late_for_every_trial) {
    const auto said = [](const std::string& rest) {
        const std::string all = read_text(start + rest).warnings();
        return all.substr(std::min(all.size(), all.find("study.yaml:")));
    };
    BOOST_TEST(said("early_stop: {patience: 3}\n") ==
               "study.yaml:8:1: warning: early_stop ends nothing early: it could after epoch 4 of 4 at the earliest\n"
               "  early_stop: {patience: 3}\n  ^\n"
               "  hint: `patience` counts epochs that are not better, and the first one is the best so far\n");
    BOOST_TEST(said("early_stop: {patience: 1, min_epochs: 50}\n").find("it could after epoch 50 of 4 at the earliest") != std::string::npos);
    BOOST_TEST(said("early_stop: {patience: 2}\n") == "");
    BOOST_TEST(said("early_stop: {patience: 2}\nsweep: {early_stop.patience: [2, 500]}\n") == "");  // 500 may be there to compare with
}

BOOST_AUTO_TEST_SUITE_END()
