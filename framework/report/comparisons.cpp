#include <algorithm>
#include <cmath>
#include <map>

#include "report/analysis.hpp"
#include "report/scores.hpp"
#include "statistics/holm.hpp"

namespace etude {
namespace {

Comparison compared(const std::map<std::uint64_t, double>& reference, const std::map<std::uint64_t, double>& scores, std::size_t other) {
    std::vector<double> differences;
    for (const auto& [seed, score] : reference)
        if (const auto found = scores.find(seed); found != scores.end()) differences.push_back(score - found->second);
    Comparison comparison;
    comparison.other = other;
    comparison.t = paired_t(differences);
    comparison.ranks = signed_rank(differences);
    return comparison;
}

/// Where the seeds that are tested chose the reference too, any pair might have been tested: of equal configurations the luckiest is compared, and
/// correcting for its own tests alone would find a difference among eight in 11 studies of 100.
std::size_t family_size(const Results& results, std::size_t tested) {
    const bool split = std::ranges::any_of(results.plan.trials, [](const PlannedTrial& trial) { return trial.role == SeedRole::tune; });
    return split ? tested : tested * (tested + 1) / 2;
}

/// Whether the smallest p-value of signed ranks, 2 / 2^pairs, could pass Holm's first step.
bool ranks_can_decide(const Family& family) {
    std::size_t fewest = 1000;
    for (const Comparison& c : family.comparisons)
        if (c.t.p) fewest = std::min(fewest, c.t.difference.n);
    return family.tests > 0 && std::pow(0.5, static_cast<double>(fewest) - 1) * static_cast<double>(family.tests) <= significance_level;
}

void decide(Family& family, bool maximize) {
    std::vector<double> p_values;
    for (const Comparison& c : family.comparisons)
        if (c.t.p) p_values.push_back(family.decider == Decider::signed_rank ? c.ranks.p : *c.t.p);
    const bool chosen_here = family.tests > p_values.size();
    const auto adjusted = chosen_here ? best_adjusted(p_values) : holm_adjusted(p_values);
    auto next = adjusted.begin();
    for (Comparison& c : family.comparisons) {
        if (!c.t.p) continue;
        c.p = *next++;
        c.significant = *c.p <= significance_level;
        const double mean = *c.t.difference.mean;
        c.better = c.significant && (maximize ? mean > 0 : mean < 0);
    }
    // What is settled stays so with more seeds: those that are open are then tested among themselves.
    const auto open = static_cast<std::size_t>(std::ranges::count_if(family.comparisons, [](const Comparison& c) { return c.p && !c.significant; }));
    const std::size_t left = chosen_here ? open * (open + 1) / 2 : open;
    for (Comparison& c : family.comparisons) {
        if (!c.p || c.significant || !c.t.effect) continue;
        const auto needed = pairs_needed(*c.t.effect, significance_level / static_cast<double>(left), wanted_power);
        if (needed) c.more_seeds = *needed > c.t.difference.n ? *needed - c.t.difference.n : 1;
    }
}

}  // namespace

std::map<std::uint64_t, double> scores_by_seed(const Results& results, std::size_t configuration) {
    std::map<std::uint64_t, double> scores;
    for (const std::size_t place : results.configurations[configuration].trials) {
        const TrialResult& trial = results.trials[place];
        if (trial.planned.role != SeedRole::tune && trial.score && std::isfinite(*trial.score)) scores.emplace(trial.planned.seed, *trial.score);
    }
    return scores;
}

Family compare(const Results& results, std::size_t reference, const std::vector<std::size_t>& others) {
    Family family{.reference = reference, .decider = Decider::paired_t, .tests = 0, .comparisons = {}};
    const auto scores = scores_by_seed(results, reference);
    for (const std::size_t other : others)
        if (other != reference) family.comparisons.push_back(compared(scores, scores_by_seed(results, other), other));
    const auto tested = std::ranges::count_if(family.comparisons, [](const Comparison& c) { return c.t.p.has_value(); });
    family.tests = family_size(results, static_cast<std::size_t>(tested));
    if (ranks_can_decide(family)) family.decider = Decider::signed_rank;
    decide(family, results.plan.metric.maximize);
    return family;
}

}  // namespace etude
