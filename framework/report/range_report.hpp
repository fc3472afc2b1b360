// framework/report/range_report.hpp - what a study of range tests says: for each configuration the suggestions over its seeds, where the
// loss diverges, and what to paste into a study.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "report/plot.hpp"
#include "report/results.hpp"
#include "train/range_test.hpp"

namespace etude {

bool is_range_test(const Plan& plan);

struct RangeSummary {
    std::size_t tests = 0;                                                ///< done
    std::array<std::optional<RateSpread>, range_rule_count> suggestions;  ///< of the tests in which the rule found something
    std::optional<RateSpread> divergence;                                 ///< where the loss diverged
    std::size_t fallen = 0;                                               ///< tests in which the loss fell
    double first_rate = 0, last_rate = 0;                                 ///< that were tried at all
};
RangeSummary range_summary(const Results& results, std::size_t configuration);

/// Sentences: what is suggested, where it diverges, and what the test cannot say.
std::vector<std::string> range_answer(const Results& results, std::size_t configuration);
/// Heading and a row for each configuration and rule.
std::vector<std::vector<std::string>> range_rows(const Results& results);
/// A `sweep:` over the promising rates and a `one_cycle` schedule, as YAML; empty when nothing is suggested.
std::string range_yaml(const Results& results, std::size_t configuration);
/// trial,seed,update,lr,loss,smoothed: every update of every test.
std::string range_csv(const Results& results);
/// One figure for each configuration: the losses over the rate, with the suggestions.
std::vector<Figure> range_figures(const Results& results);

}  // namespace etude
