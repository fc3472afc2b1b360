// framework/study/run_checks.hpp - schedules and wrappers against the run that they are for: schedules are evaluated at each of its updates.
// What trials have in common is checked once.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "plugin/bound.hpp"
#include "plugin/fit.hpp"
#include "study/trial_parts.hpp"

namespace etude {

/// A schedule that does not fit its run, at the place where a study says so.
struct PlacedWarning {
    FitWarning warning;
    Place place;
};

class RunChecks {
  public:
    /// Registry and diagnostics outlive it. `first_seed`: of what is random in a schedule.
    RunChecks(Registry& registry, std::uint64_t first_seed, Diagnostics& diagnostics)
        : registry_(registry), first_seed_(first_seed), diagnostics_(diagnostics) {}

    /// `spec` was made of `parts`; `found_rates`: the text of its schedule where range tests gave it rates. What is legal and probably not meant;
    /// nothing after an error.
    std::optional<std::vector<PlacedWarning>> check(const TrialParts& parts, const std::string& found_rates, const TrialSpec& spec,
                                                    const RunLength& length);

  private:
    struct Findings {
        bool good = true;
        std::vector<PlacedWarning> warnings = {};
    };
    const Findings& check_rate(const TrialParts& parts, const std::string& found_rates, const TrialSpec& spec, const RunLength& length);
    const Findings& check_others(const TrialParts& parts, const TrialSpec& spec, const RunLength& length);
    std::vector<PlacedWarning> misfits_of_others(const PartTree& schedules, const TrialSpec& spec, const RunLength& length);
    void warn_of_late_average(const TrialParts& parts, const TrialSpec& spec, const RunLength& length);

    using Names = std::vector<std::string>;

    Registry& registry_;
    std::uint64_t first_seed_;
    Diagnostics& diagnostics_;
    std::map<std::tuple<std::size_t, std::string, double, Names, RunLength>, Findings> rates_;  // schedule, its found rates, base, monitored
    std::map<std::tuple<std::size_t, std::size_t, std::size_t, RunLength>, Findings> others_;   // schedules, optimizer, groups
    std::set<std::size_t> late_averages_;                                                       // optimizers that were warned of
};

}  // namespace etude
