// framework/study/emit.hpp - trials and studies as YAML, every default filled in.
#pragma once
#include <string>

#include "study/tree.hpp"
#include "train/plan.hpp"
#include "train/trial.hpp"

namespace etude {

/// The parts of a trial as a study would write them, every value resolved; without the seed.
Node trial_node(const TrialSpec& trial);
/// One part a line, in flow style; lists of mappings one entry a line.
std::string yaml_of(const Node& root);

Node metric_node(const MetricSpec& metric);

}  // namespace etude
