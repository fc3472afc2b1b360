// framework/study/rate_finder.hpp - `{find_lr: valley}` where a rate would stand: the median over ten seeds of what a range test suggests
// for the trial's own data, model, loss, batch and optimizer.
//
// The test is made while the study is read, so that plan, ids and resolved.yaml have the number. It is as deterministic as a trial. Its
// seeds count up from the study's first one: more seeds in the study do not move the rate.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plugin/registry.hpp"
#include "study/study.hpp"
#include "study/tree.hpp"
#include "train/range_test.hpp"

namespace etude {

/// `{find_lr: RULE, from: ..., to: ..., updates: ..., ramp: ..., smoothing: ..., stop_at: ...}`
struct RateRequest {
    RangeRule rule = RangeRule::valley;
    RangeTestSpec test;
};
bool is_rate_request(const Node& node);
bool has_rate_request(const Node& node);  ///< in it, anywhere

class RateFinder {
  public:
    RateFinder(Registry& registry, const StudySettings& settings, std::uint64_t first_seed, Diagnostics& diagnostics)
        : registry_(registry), settings_(settings), first_seed_(first_seed), diagnostics_(diagnostics) {}

    /// `node` with a 1 wherever a rate is asked for: what stands around it can be checked before there is a number. Reports bad requests.
    Node without_requests(const Node& node);
    /// `node` with the rates that were found for `trial` (its schedule, epochs and base rate do not matter); nothing after an error.
    std::optional<Node> with_rates(const Node& node, const TrialSpec& trial);
    /// A line for each rate that was found: where, how, and how far the seeds agree.
    const std::vector<std::string>& notes() const { return notes_; }

  private:
    std::optional<RateRequest> read(const Node& node);
    std::optional<double> find(const RateRequest& request, const TrialSpec& trial, const Place& place);
    const std::vector<Record>& tests_of(const RateRequest& request, const TrialSpec& trial);
    bool replace(Node& node, const TrialSpec* trial);

    Registry& registry_;
    const StudySettings& settings_;
    const std::uint64_t first_seed_;
    Diagnostics& diagnostics_;
    std::map<std::string, std::vector<Record>> tests_;  ///< by the identity of the range test without its seed
    std::vector<std::string> notes_;
};

}  // namespace etude
