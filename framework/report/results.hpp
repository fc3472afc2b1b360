// framework/report/results.hpp - everything a report says, taken from the store once: the plan, its trials, their scores, and for each
// configuration the statistics over its seeds. Tables, figures and page only format it.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "statistics/moments.hpp"
#include "store/store.hpp"

namespace etude {

/// A trial of the plan and what became of it; `stored` is empty while it is not done.
struct TrialResult {
    PlannedTrial planned;
    std::optional<StoredTrial> stored;
    std::optional<double> score;                     ///< empty: failed, or without any epoch; of a trial that ended early the last value
    std::optional<std::uint64_t> epochs_to_target;   ///< epochs until the target is first met
};

/// The seeds of one configuration.
struct ConfigurationResult {
    std::vector<std::size_t> trials;                 ///< places in Results::trials
    Statistics score;                                ///< of the seeds that are reported on
    Statistics choice;                               ///< of the tune seeds, by which `rank` goes; where seeds are not split, `score`
    std::size_t diverged = 0, failed = 0, missing = 0;
    std::size_t pruned = 0;                          ///< then it ranks behind those without, and takes part in no test
    std::optional<std::size_t> rank;
};

struct Results {
    std::filesystem::path folder;
    Plan plan;
    std::vector<TrialResult> trials;                 ///< as in the plan
    std::vector<ConfigurationResult> configurations; ///< as in the plan
    std::vector<std::size_t> best_first;             ///< configurations by rank, then place; without rank last
    std::map<std::string, Samples> samples;          ///< of the decision maps
};

Results load_results(const Store& store);

/// What a metric of a record counts with after `epoch` epochs (from 1): a diverged trial holds `counts_as` from where it ended.
/// A value that only a curve has is the double with the float's shortest text (0.82f is 0.82).
std::optional<double> metric_after(const Record& record, const std::string& metric, std::uint64_t epoch);
std::optional<double> counts_as(const Record& record, const std::string& metric);

/// An accuracy is better when it is larger; a loss or an error when it is smaller.
bool larger_is_better(const std::string& metric);

}  // namespace etude
