// framework/report/analysis.hpp - the statistics of a study as a value: what each configuration does, which differ, what the rates say. Answer,
// page and statistics.json only put it into words and marks.
//
// Configurations are places in Plan::configurations. Differences are reference minus other, in the score's unit. Where seeds are split, the
// reference is chosen on the tune seeds and everything here is of the report seeds.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "report/results.hpp"
#include "statistics/paired.hpp"
#include "statistics/profile.hpp"
#include "statistics/rate_axis.hpp"
#include "statistics/wilcoxon.hpp"

namespace etude {

inline constexpr double significance_level = 0.05, wanted_power = 0.8;
inline constexpr std::array<double, 5> quantile_shares{0.05, 0.25, 0.5, 0.75, 0.95};

/// The scores of one configuration beyond mean and interval (those are in ConfigurationResult).
struct Spread {
    std::optional<std::array<double, 5>> quantiles;   ///< at quantile_shares
    std::optional<Interval95> median_interval;        ///< bootstrap; from two seeds on
    std::size_t diverged = 0, finished = 0;           ///< finished: completed or diverged
    std::optional<Interval95> diverged_interval;      ///< of the share; Wilson
    std::size_t reached = 0;                          ///< trials that meet the target
    std::optional<double> epochs_to_target, updates_to_target;  ///< median; empty where fewer than half of the finished meet it
};

enum class Decider { signed_rank, paired_t };

/// A configuration against the reference, paired by seed.
struct Comparison {
    std::size_t other = 0;
    PairedT t;
    SignedRank ranks;
    std::optional<double> p;         ///< of the deciding test, Holm-adjusted; empty for fewer than two shared seeds
    bool significant = false, better = false;  ///< better: significant, and the reference is the better one
    std::optional<std::size_t> more_seeds;  ///< that would settle it with 80 % power if the difference is as seen; empty when settled or beyond reach
};

/// All comparisons with one reference. The deciding test is chosen by counts alone: signed ranks where their smallest p-value could pass Holm,
/// else Student's t.
struct Family {
    std::size_t reference = 0;
    Decider decider = Decider::paired_t;
    /// What the first step corrects for: these tests where other seeds chose the reference (Holm), else all pairs, since any might have been it.
    std::size_t tests = 0;
    std::vector<Comparison> comparisons;
};

/// What the scores say along one column of rates, everything else being equal.
struct RateAnalysis {
    std::string column, label;                ///< label: the other cells, empty when there are none
    std::vector<double> rates;                ///< ascending
    std::vector<std::size_t> configurations;  ///< one a rate
    std::size_t best = 0;                     ///< place in rates
    Family family;
    std::optional<Basin> basin;               ///< empty where seeds are too few for tests
    std::string loss;                         ///< the metric of the sensitivity
    std::optional<double> sensitivity, initial_loss;  ///< initial_loss: what losses are clipped at
    /// Of stores of earlier versions, where no trial says the initial loss: it is that after one epoch at the smallest rate.
    bool initial_is_estimate = false;
    StabilityEdge edge;
    std::vector<double> add;                  ///< rates to add where the best lies at an end of the axis
};

/// What it costs to use one shape's best rate for another; a shape is everything but the rate (schedule, optimizer).
struct Regret {
    std::string column;
    std::vector<std::size_t> axes;                         ///< places in Analysis::rates
    std::vector<std::vector<std::optional<double>>> cost;  ///< [shape][shape whose rate is used]: how much worse; empty: not on its axis
};

struct TargetAnalysis {
    std::vector<Profile> epochs, updates;  ///< one a configuration; a problem is a seed
};

struct Analysis {
    std::vector<Spread> spreads;           ///< one a configuration
    std::optional<Family> family;          ///< of the best; empty with one configuration or no result
    std::vector<RateAnalysis> rates;
    std::vector<Regret> regrets;
    std::optional<TargetAnalysis> target;
    bool same_seeds = false;               ///< chosen and reported on the same seeds
    bool on_test_set = false;              ///< chosen on the test set
};
Analysis analyse(const Results& results);

/// Tests `reference` against each of `others`.
Family compare(const Results& results, std::size_t reference, const std::vector<std::size_t>& others);
/// One for each column named `lr` and each setting of the others that has three rates or more.
std::vector<RateAnalysis> rate_analyses(const Results& results);
std::vector<Regret> regrets_of(const Results& results, const std::vector<RateAnalysis>& rates);

/// The whole as JSON, numbers in full; the same text for the same results.
std::string analysis_json(const Results& results, const Analysis& analysis);

}  // namespace etude
