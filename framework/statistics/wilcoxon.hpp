// framework/statistics/wilcoxon.hpp - Wilcoxon's signed-rank test of paired differences.
#pragma once
#include <cstddef>
#include <span>

namespace etude {

struct SignedRank {
    std::size_t pairs = 0;        ///< differences that are not 0
    double plus = 0, minus = 0;   ///< sums of the ranks of positive and negative differences
    double p = 1;                 ///< two-sided; 1 when every difference is 0
    bool exact = true;            ///< else the normal approximation
    /// Matched-pairs rank-biserial correlation (Kerby 2014): -1 to 1, positive when the differences are; 0 when all are 0.
    double effect() const;
};

/// What happens to differences of 0: `wilcox` leaves them out before ranking, `pratt` (1959) ranks them and leaves their ranks out.
enum class Zeros { wilcox, pratt };

/// Equal sizes share the mean of their ranks. Up to 60 pairs the p-value is exact: the share of all 2^n signs given the ranks as they are, so it
/// holds with ties and zeros too (SciPy's `exact` assumes none and its `auto` approximates then). Beyond, normal with the variance corrected
/// for ties, without continuity correction, as SciPy's `approx`. The differences are finite.
SignedRank signed_rank(std::span<const double> differences, Zeros zeros = Zeros::pratt);

}  // namespace etude
