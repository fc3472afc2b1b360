// framework/statistics/rate_axis.hpp - what scores along an axis of rates say: basin, sensitivity, stability edge, what to try beyond.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace etude {

struct Basin {
    std::size_t first = 0, last = 0;  ///< places on the axis, both included
    double low = 0, high = 0;
    double decades = 0;               ///< log10(high / low); 0 for one rate
};
/// The widest run of neighbouring rates that are all `good` (not significantly worse than the best); of equally wide ones the one that holds
/// place `best`, then the lower. The rates are positive and ascend; good[best] holds.
Basin basin_of(std::span<const double> rates, const std::vector<bool>& good, std::size_t best);

/// Mean over the axis of min(loss, initial) minus the best of them: Wortsman et al. 2023 (arXiv:2309.14322, sec. 2.2), whose mean over rates is
/// uniform in log(rate); here each point of the grid weighs the same, which is that on a grid of equal ratios. A loss that is no number or
/// infinite is the initial one. The losses are those of at least one rate.
double lr_sensitivity(std::span<const double> losses, double initial);

struct StabilityEdge {
    std::optional<double> stable;    ///< largest rate below which, itself included, at most half of the trials diverge
    std::optional<double> unstable;  ///< the next rate; empty when none is: the edge lies beyond the grid
};
/// `diverged` are shares of trials, one a rate; the rates ascend.
StabilityEdge stability_edge(std::span<const double> rates, std::span<const double> diverged);

/// Two rates beyond the edge of the grid on which the best lies, one and two of the grid's steps away (equal ratios: 0.1, 1 gives 10, 100), rounded
/// to 3 digits; none when the best lies inside. At least two rates, which ascend and are positive.
std::vector<double> rates_to_add(std::span<const double> rates, std::size_t best);

}  // namespace etude
