// tests/interchange/samples.hpp - a small study with one of everything: completed, diverged, failed and missing trials; numbers and names.
#pragma once
#include <cmath>
#include <string>

#include <boost/test/unit_test.hpp>

#include "report/results.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

namespace etude::test {

inline Plan mixed_plan() {
    Plan plan;
    plan.study = "mixed", plan.question = "Which?";
    plan.columns = {"optimizer.lr", "schedule.name", "train.batch"};
    plan.metrics = {"test_loss", "test_accuracy"};
    plan.configurations = {{{"1", "constant", "16"}, "lr 1", "a: 1\n"},
                           {{"0.01", "cosine, \"warm\"", "32"}, "lr 0.01", "a: 2\n"},
                           {{"0.1", "", ""}, "lr 0.1", "a: 3\n"}};
    for (std::size_t c = 0; c < 3; ++c)
        for (std::uint64_t seed = 0; seed < 2; ++seed) plan.trials.push_back({"id" + std::to_string(c) + std::to_string(seed), seed, c});
    return plan;
}

/// Two epochs; seed 1 at rate 1 diverges in the second one, seed 1 at 0.01 fails, seed 1 at 0.1 is missing.
inline Record mixed_record(std::size_t configuration, std::uint64_t seed) {
    Record record;
    const double accuracy = 0.5 + 0.1 * static_cast<double>(configuration) + 0.01 * static_cast<double>(seed);
    record.curves = {{"test_loss", {1.5F, static_cast<float>(1 - accuracy)}, 1 - accuracy},
                     {"test_accuracy", {0.25F, static_cast<float>(accuracy)}, accuracy}};
    record.epoch_lr = {0.1, 0.1 / 3};
    record.last_lr = 0.1 / 3, record.epochs = 2, record.updates = 20, record.wall_seconds = 0.5;
    if (seed == 1 && configuration == 0) {
        record.status = Status::diverged, record.diverged_at = 15, record.epochs = 1, record.updates = 16;
        record.curves = {{"test_loss", {INFINITY}, INFINITY}, {"test_accuracy", {0.25F}, 0.25}};
        record.epoch_lr = {0.1}, record.counts_as = {{"test_loss", 2.3}, {"test_accuracy", 0.125}};
    }
    if (seed == 1 && configuration == 1) {
        record = {};
        record.status = Status::failed, record.message = "no \"memory\"";
    }
    return record;
}

inline void fill_mixed(Store& store) {
    const Plan plan = mixed_plan();
    store.put_plan(plan);
    for (const PlannedTrial& trial : plan.trials)
        if (trial.configuration != 2 || trial.seed != 1)
            store.put({trial.id, trial.seed, plan.configurations[trial.configuration].resolved, mixed_record(trial.configuration, trial.seed),
                       {"host", "cpu", "isa", "2.6.3", "g++ 12", "0.1.0", "2026-11-21T08:00:0" + std::to_string(trial.seed) + "Z"}});
}

inline Results mixed_results() {
    const TemporaryFolder folder;
    Store store = Store::open(folder.path(), Store::Access::write);
    fill_mixed(store);
    return load_results(store);
}

/// What Debian's Python says to a script of this folder; "" and a message where it lacks `modules`.
inline std::string python(const std::string& script, const std::string& argument, const std::string& modules) {
    const std::string interpreter = "/usr/bin/python3";
    if (run_process({interpreter, "-c", "import " + modules}).code != 0) {
        BOOST_TEST_MESSAGE("skipped: " << interpreter << " does not have " << modules);
        return "";
    }
    const Outcome outcome = run_process({interpreter, std::string(ETUDE_SOURCE_DIR) + "/tests/interchange/" + script, argument});
    BOOST_TEST(outcome.code == 0, outcome.err);
    return outcome.out;
}

}  // namespace etude::test
