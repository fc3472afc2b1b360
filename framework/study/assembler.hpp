// framework/study/assembler.hpp - assignments of a sweep to checked trials.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "plugin/bound.hpp"
#include "study/parameter_schedules.hpp"
#include "study/rate_finder.hpp"
#include "study/run_checks.hpp"
#include "study/run_lengths.hpp"
#include "study/trial_parts.hpp"

namespace etude {

/// A checked trial, its seed left at 0.
struct Assembled {
    TrialSpec spec;
    std::vector<std::string> metrics;  ///< that it records, in column order
    std::size_t data = 0;              ///< number of its data set among those of the study
    std::size_t schedule = 0;          ///< likewise of its schedule as written
    Place schedule_place;
    RunLength length;
    std::vector<PlacedWarning> warnings = {};
};

class Assembler {
  public:
    /// Everything given outlives it. `first_seed`: for schedules that are evaluated before the run.
    Assembler(const Node& root, const Grid& grid, Registry& registry, const StudySettings& settings, std::uint64_t first_seed,
              Diagnostics& diagnostics);

    /// Checks the parts as written in the file, those that a sweep replaces included.
    void check_written() { parts_.check_written(); }
    /// Nothing after an error.
    std::optional<Assembled> assemble(const Assignment& assignment);
    /// A line for each rate that a range test found.
    const std::vector<std::string>& notes() const { return finder_.notes(); }
    /// What the assignment puts at `path`, as written; nullptr when nothing stands there.
    const Node* written(const Assignment& assignment, const Path& path) { return parts_.written(assignment, path); }

  private:
    using Metrics = std::vector<std::string>;
    /// A schedule's mapping with rates in the places of requests; `found`: its text when a range test gave it any.
    struct RatedSchedule {
        Node node;
        std::string found;
    };

    bool model_fits(const TrialParts& parts);
    const std::optional<std::vector<ParameterGroup>>& groups_of(const TrialParts& parts);
    bool groups_fit(const TrialParts& parts, const std::vector<ParameterGroup>& groups);
    const std::optional<OtherSchedules>& schedules_of(const TrialParts& parts, const Metrics& metrics);
    bool find_base_rate(const TrialParts& parts, TrialSpec& spec);
    std::optional<RatedSchedule> rated_schedule(const TrialParts& parts, const TrialSpec& spec, bool can_test);
    const std::optional<ScheduleSpec>& schedule_of(const TrialParts& parts, const RatedSchedule& rated, double base_lr, const Metrics& metrics);
    std::optional<EarlyStopSpec> early_stop_of(const TrialParts& parts, const Metrics& metrics);

    Registry& registry_;
    Diagnostics& diagnostics_;
    RateFinder finder_;
    TrialPartsReader parts_;
    RunLengths lengths_;
    RunChecks checks_;
    Node default_schedule_;

    // What depends on several parts, once for each combination of their numbers.
    std::map<std::tuple<std::size_t, std::size_t, std::size_t>, bool> fitting_models_;                        // data, model, loss
    std::map<std::tuple<std::size_t, std::size_t>, std::optional<std::vector<ParameterGroup>>> groups_;       // groups, optimizer
    std::map<std::tuple<std::size_t, std::size_t, std::size_t>, bool> fitting_groups_;                        // groups, data, model
    std::map<std::tuple<std::size_t, std::size_t, std::size_t, Metrics>, std::optional<OtherSchedules>> others_;  // schedules, optimizer, train
    std::map<std::tuple<std::size_t, std::string, double, Metrics>, std::optional<ScheduleSpec>> schedules_;  // schedule, found rates, base
};

}  // namespace etude
