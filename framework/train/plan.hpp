// framework/train/plan.hpp - the trials of a study as a table of values: what the store keeps beside the results, and what a report
// reads without the study file.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "train/pruning.hpp"

namespace etude {

/// `metric: {name: test_accuracy, goal: maximize, at: final}`: the number everything ranks by.
struct MetricSpec {
    enum class At { final, best, epoch } at = At::final;
    std::string name = "test_accuracy";
    bool maximize = true;
    std::uint64_t epoch = 0;  ///< at: {epoch: n}: after n epochs, n >= 1
    bool operator==(const MetricSpec&) const = default;
};

/// `target: {test_accuracy: 0.8}`: adds epochs_to_target.
struct TargetSpec {
    std::string metric;
    double value = 0;
    bool operator==(const TargetSpec&) const = default;
};

/// All trials that differ in their seed alone.
struct Configuration {
    std::vector<std::string> cells;  ///< one per plan column; empty where this configuration has no such leaf
    std::string label;               ///< short: `as:` names, or what differs
    std::string resolved;            ///< resolved YAML of its first trial, without seed
    bool operator==(const Configuration&) const = default;
};

/// What the seed of a trial serves: `seeds: {tune: 10, report: 20}` chooses on the first and reports on the second; else both.
enum class SeedRole { both, tune, report };

struct PlannedTrial {
    std::string id;                  ///< 16 hex digits
    std::uint64_t seed = 0;
    std::size_t configuration = 0;
    SeedRole role = SeedRole::both;
    bool operator==(const PlannedTrial&) const = default;
};

struct Plan {
    std::string study, question;
    MetricSpec metric;
    std::optional<TargetSpec> target;
    std::vector<std::string> columns;     ///< swept columns, in order of first appearance
    std::vector<Configuration> configurations;
    std::vector<PlannedTrial> trials;     ///< trial i of trials.csv; first axis slowest, seeds fastest; each id once
    std::vector<std::string> metrics;     ///< of a completed trial, in column order: train_loss, train_accuracy, ...
    std::vector<std::string> warnings;    ///< to be repeated in the report
    std::optional<Pruning> pruning = {};  ///< the rule that ends configurations early
    std::optional<double> seconds = {};   ///< budget: {time: ...}: no trial is started later
    bool operator==(const Plan&) const = default;
};

}  // namespace etude
