// framework/interchange/reproduction.hpp - a recorded run done again: the same bits, the same statistics, or another result?
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "interchange/differences.hpp"
#include "interchange/run_record.hpp"
#include "report/results.hpp"
#include "statistics/paired.hpp"
#include "statistics/wilcoxon.hpp"

namespace etude {

enum class Verdict { bit_equal, statistically_equal, undecided, different };

/// The scores of one configuration, recorded minus here, paired by seed.
struct ConfigurationCheck {
    std::size_t configuration = 0;
    std::optional<double> recorded, here;  ///< means over the shared seeds
    PairedT t;
    SignedRank ranks;
    std::optional<double> p;               ///< of the deciding test, Holm-adjusted over the configurations; empty for fewer than two shared seeds
    std::size_t unmatched = 0;             ///< seeds with a score on one side only
};

/// `decided_by_ranks`: signed ranks where their smallest p-value could pass Holm, else Student's t, as for comparisons in a report.
struct StatisticalCheck {
    std::vector<ConfigurationCheck> configurations;
    bool decided_by_ranks = false;
    /// different: one p below 5 %, or a score on one side only; undecided: no configuration has two seeds.
    Verdict verdict = Verdict::undecided;
};

/// `recorded` and `here` have the same trials, in plans of the same configurations; only those with a result in `here` count.
StatisticalCheck check_statistics(const Results& recorded, const Results& here);

struct Reproduction {
    std::vector<std::size_t> places;           ///< in the plan: what was run again
    std::vector<StoredTrial> recorded;         ///< one each
    std::vector<RecordComparison> comparisons; ///< one each, recorded and here
    std::vector<StoredTrial> trials;           ///< one each, as run here
    std::vector<std::string> changes;          ///< what is not as it was: "oneDNN 2.6.3, now 3.7.2"
    bool is_bit_equal() const;
};

/// Runs `count` of the recorded trials that are finished (completed or diverged) again, spread evenly over them; all for nothing. `registry` and
/// `data` know what the record carries (unpack). Throws Error when none is finished.
Reproduction reproduce(const RunRecord& record, const std::optional<std::size_t>& count, Registry& registry, const DataPaths& data,
                       std::size_t workers);

/// The plan with only the trials at `places`, under their ids of `trials`.
Plan plan_of(const Plan& plan, const std::vector<std::size_t>& places, const std::vector<StoredTrial>& trials);

/// `trials` as a report would load them; kept in `folder` when it is not empty.
Results results_of(const Plan& plan, const std::vector<StoredTrial>& trials, const std::filesystem::path& folder);

}  // namespace etude
