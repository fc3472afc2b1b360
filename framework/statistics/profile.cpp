#include "statistics/profile.hpp"

#include <algorithm>

namespace etude {

std::vector<Profile> performance_profiles(const std::vector<std::vector<std::optional<double>>>& costs) {
    const std::size_t problems = costs.empty() ? 0 : costs.front().size();
    std::vector<std::vector<double>> ratios(costs.size());
    std::vector<double> taus{1};
    for (std::size_t problem = 0; problem < problems; ++problem) {
        std::optional<double> best;
        for (const auto& solver : costs)
            if (solver[problem]) best = best ? std::min(*best, *solver[problem]) : *solver[problem];
        for (std::size_t solver = 0; solver < costs.size(); ++solver) {
            if (!costs[solver][problem]) continue;
            ratios[solver].push_back(*costs[solver][problem] / *best);
            taus.push_back(ratios[solver].back());
        }
    }
    std::ranges::sort(taus);
    taus.erase(std::unique(taus.begin(), taus.end()), taus.end());
    std::vector<Profile> profiles;
    for (auto& solved : ratios) {
        std::ranges::sort(solved);
        Profile profile{taus, {}};
        for (const double tau : taus) {
            const auto within = std::ranges::upper_bound(solved, tau) - solved.begin();
            profile.shares.push_back(static_cast<double>(within) / static_cast<double>(problems));
        }
        profiles.push_back(std::move(profile));
    }
    return profiles;
}

}  // namespace etude
