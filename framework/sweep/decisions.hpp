// framework/sweep/decisions.hpp - what the rules of train/pruning.hpp decide, as functions of numbers alone.
//
// Scores here are costs: smaller is better. Configurations are places; where two are equal the earlier one is the better.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "train/pruning.hpp"

namespace etude {

/// One configuration at a rung.
struct Standing {
    std::size_t configuration = 0;
    double cost = 0;       ///< mean over seeds
    bool is_lost = false;  ///< every seed has diverged or failed: behind all others
};

/// Epochs after which successive halving looks: min_epochs, times eta, ..., and last the whole run.
std::vector<std::uint64_t> halving_rungs(const Pruning& rule, std::uint64_t epochs);
/// Of n the best max(1, floor(n / eta)), in the order in which they stand.
std::vector<std::size_t> halved(std::span<const Standing> standings, std::uint64_t eta);

/// Configurations that are halved together, and when.
struct Bracket {
    std::vector<std::size_t> configurations;
    std::vector<std::uint64_t> rungs;
};
/// Hyperband's brackets, those that look earliest first. Its sizes ceil((s_max + 1) eta^s / (s + 1)) are for as many configurations as one can draw;
/// a study has `count` of them, which are dealt out in these proportions (largest remainders), in an order drawn by the rule's seed, so that no
/// bracket has one end of an axis.
std::vector<Bracket> hyperband_brackets(const Pruning& rule, std::size_t count, std::uint64_t epochs);

/// Costs of one configuration epoch by epoch, as far as it got.
using CostCurve = std::vector<double>;
/// The median rule after `epochs` epochs: which of `alive` end, for their lowest cost so far lies above the median of the running means of all
/// configurations (of one that has ended before, the mean up to there: it stays in the median, as Vizier's stopped trials do).
std::vector<std::size_t> worse_than_median(std::span<const CostCurve> all, std::span<const std::size_t> alive, std::uint64_t epochs);

/// A look of the sequential test, after as many seeds as the costs hold. Costs are [configuration][seed]; empty where there is none.
struct Race {
    double alpha = 0.05;
    std::size_t rivals = 1;  ///< configurations less one, at the beginning
    std::size_t looks = 1;   ///< in all
};
/// Which of `alive` are significantly worse than the one with the least mean cost: Student's one-sided t of the differences paired by seed, at the
/// level alpha / (rivals looks). The best configuration is ended only if one of its rivals seems better at one of the looks, which by the union
/// bound has at most the probability alpha where differences are normal (Bonferroni; Maron & Moore 1994 race with Hoeffding's bound instead).
/// Differences without spread, as of accuracies on few samples, count by their signs: 2^-n.
std::vector<std::size_t> decided(const std::vector<std::vector<std::optional<double>>>& costs, std::span<const std::size_t> alive, const Race& race);

}  // namespace etude
