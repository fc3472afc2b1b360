// framework/statistics/profile.hpp - performance profiles of Dolan and More (2002).
#pragma once
#include <cstddef>
#include <optional>
#include <vector>

namespace etude {

/// rho(tau) of each solver: the share of problems that it solves within tau times the cost of the best solver of that problem. Steps of a
/// staircase: rho is shares[i] from taus[i] to the next.
struct Profile {
    std::vector<double> taus;    ///< ascending from 1: every ratio that occurs
    std::vector<double> shares;  ///< one a tau
};

/// costs[solver][problem], positive; empty: not solved. A problem that nobody solves counts against all, as in the paper.
std::vector<Profile> performance_profiles(const std::vector<std::vector<std::optional<double>>>& costs);

}  // namespace etude
