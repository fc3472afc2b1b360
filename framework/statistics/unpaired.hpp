// framework/statistics/unpaired.hpp - two samples that share no seeds: Welch's test and Mann and Whitney's.
#pragma once
#include <cstddef>
#include <optional>
#include <span>

#include "statistics/moments.hpp"

namespace etude {

/// Student's test without equal variances (Welch 1947), first minus second.
struct WelchT {
    std::size_t first = 0, second = 0;    ///< sizes
    std::optional<double> difference;     ///< of the means; empty when one sample is
    std::optional<Interval95> interval;   ///< of the difference; equal bounds without spread
    std::optional<double> t, degrees;     ///< degrees of freedom after Welch and Satterthwaite; empty: fewer than two in a sample, or no spread
    std::optional<double> p;              ///< two-sided; without spread 1 for a difference of 0, else 0; empty for fewer than two in a sample
};
WelchT welch_t(std::span<const double> first, std::span<const double> second);

/// Mann and Whitney's (Wilcoxon's rank-sum) test.
struct RankSum {
    double u = 0;      ///< pairs in which the first sample's number is the larger one; ties count half
    double p = 1;      ///< two-sided: twice the smaller tail, at most 1
    bool exact = true; ///< else the normal approximation
    /// Share of pairs in which the first is larger minus that in which it is smaller (Cliff's delta): -1 to 1.
    double effect = 0;
};
/// Ties share the mean of their ranks. Up to 60 numbers in all the p-value is exact: the share of all ways to divide the ranks as they are, so it
/// holds with ties too (SciPy's `exact` assumes none). Beyond, normal with the variance corrected for ties, without continuity correction. Both
/// samples hold at least one number, all finite.
RankSum rank_sum(std::span<const double> first, std::span<const double> second);
/// The smallest p-value that rank_sum can give for samples of these sizes without ties.
double smallest_rank_sum_p(std::size_t first, std::size_t second);

}  // namespace etude
