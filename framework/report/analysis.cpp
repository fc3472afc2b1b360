#include "report/analysis.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "statistics/bootstrap.hpp"
#include "statistics/quantile.hpp"
#include "statistics/wilson.hpp"

namespace etude {
namespace {

struct Reached {
    std::vector<double> epochs, updates;
};

/// A diverged trial stopped within an epoch: one that completed says how many updates an epoch has.
double updates_to(const Results& results, const TrialResult& trial) {
    const Record* record = &trial.stored->record;
    for (const std::size_t place : results.configurations[trial.planned.configuration].trials) {
        const auto& stored = results.trials[place].stored;
        if (stored && stored->record.status == Status::completed && stored->record.epochs > 0) record = &stored->record;
    }
    return static_cast<double>(*trial.epochs_to_target) * static_cast<double>(record->updates) / static_cast<double>(record->epochs);
}

/// Of all that finished, those that never meet the target taking forever; nothing when that is the median.
std::optional<double> median_cost(std::vector<double> costs, std::size_t finished) {
    if (2 * costs.size() <= finished) return std::nullopt;
    costs.resize(finished, std::numeric_limits<double>::max());
    std::ranges::sort(costs);
    const double upper = costs[finished / 2], lower = costs[(finished - 1) / 2];
    return upper == lower ? upper : (lower + upper) / 2;
}

Spread spread_of(const Results& results, const ConfigurationResult& configuration) {
    Spread spread;
    std::vector<double> scores;
    Reached reached;
    for (const std::size_t place : configuration.trials) {
        const TrialResult& trial = results.trials[place];
        if (trial.planned.role == SeedRole::tune || !trial.stored) continue;
        const Status status = trial.stored->record.status;
        if (status == Status::diverged) ++spread.diverged;
        if (status == Status::diverged || status == Status::completed) ++spread.finished;
        if (trial.score && std::isfinite(*trial.score)) scores.push_back(*trial.score);
        if (!trial.epochs_to_target) continue;
        ++spread.reached;
        reached.epochs.push_back(static_cast<double>(*trial.epochs_to_target));
        reached.updates.push_back(updates_to(results, trial));
    }
    if (!scores.empty()) {
        spread.quantiles.emplace();
        std::ranges::copy(quantiles_of(scores, quantile_shares), spread.quantiles->begin());
    }
    spread.median_interval = bootstrap_median(scores);
    if (spread.finished > 0) spread.diverged_interval = wilson_interval(spread.diverged, spread.finished);
    spread.epochs_to_target = median_cost(reached.epochs, spread.finished);
    spread.updates_to_target = median_cost(reached.updates, spread.finished);
    return spread;
}

/// Costs of every configuration on every reported seed.
TargetAnalysis target_analysis(const Results& results) {
    std::vector<std::uint64_t> seeds;
    for (const TrialResult& trial : results.trials)
        if (trial.planned.role != SeedRole::tune && trial.stored) seeds.push_back(trial.planned.seed);
    std::ranges::sort(seeds);
    seeds.erase(std::unique(seeds.begin(), seeds.end()), seeds.end());
    using Costs = std::vector<std::vector<std::optional<double>>>;
    Costs epochs(results.configurations.size(), std::vector<std::optional<double>>(seeds.size())), updates = epochs;
    for (const TrialResult& trial : results.trials) {
        if (trial.planned.role == SeedRole::tune || !trial.epochs_to_target) continue;
        const auto problem = static_cast<std::size_t>(std::ranges::lower_bound(seeds, trial.planned.seed) - seeds.begin());
        epochs[trial.planned.configuration][problem] = static_cast<double>(*trial.epochs_to_target);
        updates[trial.planned.configuration][problem] = updates_to(results, trial);
    }
    return {performance_profiles(epochs), performance_profiles(updates)};
}

}  // namespace

Analysis analyse(const Results& results) {
    Analysis analysis;
    for (const ConfigurationResult& configuration : results.configurations) analysis.spreads.push_back(spread_of(results, configuration));
    std::vector<std::size_t> ranked;
    for (const std::size_t c : results.best_first)
        if (results.configurations[c].rank && results.configurations[c].pruned == 0) ranked.push_back(c);
    if (ranked.size() > 1) analysis.family = compare(results, ranked.front(), ranked);
    analysis.rates = rate_analyses(results);
    analysis.regrets = regrets_of(results, analysis.rates);
    if (results.plan.target) analysis.target = target_analysis(results);
    const bool chosen = results.configurations.size() > 1;
    analysis.same_seeds = chosen && std::ranges::none_of(results.plan.trials, [](const PlannedTrial& t) { return t.role == SeedRole::tune; });
    analysis.on_test_set = chosen && results.plan.metric.name.starts_with("test_");
    return analysis;
}

}  // namespace etude
