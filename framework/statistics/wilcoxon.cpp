// Exact: ranks doubled are whole numbers even with ties; adding one rank after the other gives the distribution of the doubled sum of positive
// ranks, each sign being as likely.
#include "statistics/wilcoxon.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <vector>

namespace etude {
namespace {

constexpr std::size_t most_exact = 60;

struct Ranked {
    std::size_t doubled = 0;  ///< twice the rank
    double difference = 0;
};

/// By size; ties share the mean of their ranks.
std::vector<Ranked> ranked(std::span<const double> differences) {
    std::vector<Ranked> all;
    for (const double difference : differences) all.push_back({0, difference});
    const auto size = [](const Ranked& r) { return std::abs(r.difference); };
    std::ranges::sort(all, {}, size);
    for (std::size_t first = 0; first < all.size();) {
        std::size_t end = first;
        while (end < all.size() && size(all[end]) == size(all[first])) ++end;
        for (std::size_t i = first; i < end; ++i) all[i].doubled = first + 1 + end;
        first = end;
    }
    return all;
}

/// Two-sided: twice the smaller tail, each with the value seen in it.
double exact_p(const std::vector<Ranked>& ranks, std::size_t doubled_plus) {
    std::size_t total = 0;
    for (const Ranked& r : ranks) total += r.doubled;
    std::vector<double> chance(total + 1, 0.0);
    chance[0] = 1;
    std::size_t reached = 0;
    for (const Ranked& r : ranks) {
        reached += r.doubled;
        for (std::size_t sum = reached + 1; sum-- > 0;) chance[sum] = 0.5 * (chance[sum] + (sum >= r.doubled ? chance[sum - r.doubled] : 0.0));
    }
    double lower = 0;
    const std::size_t smaller = std::min(doubled_plus, total - doubled_plus);  // the distribution is symmetric
    for (std::size_t sum = 0; sum <= smaller; ++sum) lower += chance[sum];
    return std::min(1.0, 2 * lower);
}

/// Given the ranks, the sum of positive ones has mean sum(r)/2 and variance sum(r^2)/4; this is the correction for ties and zeros.
double normal_p(const std::vector<Ranked>& ranks, double plus) {
    double sum = 0, squares = 0;
    for (const Ranked& r : ranks) {
        const double rank = 0.5 * static_cast<double>(r.doubled);
        sum += rank, squares += rank * rank;
    }
    const double z = std::abs(plus - sum / 2) / std::sqrt(squares / 4);
    return 2 * boost::math::cdf(boost::math::complement(boost::math::normal(), z));
}

}  // namespace

double SignedRank::effect() const { return plus + minus > 0 ? (plus - minus) / (plus + minus) : 0; }

SignedRank signed_rank(std::span<const double> differences, Zeros zeros) {
    std::vector<double> kept(differences.begin(), differences.end());
    if (zeros == Zeros::wilcox) std::erase(kept, 0.0);
    std::vector<Ranked> ranks = ranked(kept);
    std::erase_if(ranks, [](const Ranked& r) { return r.difference == 0; });
    SignedRank test{.pairs = ranks.size()};
    if (ranks.empty()) return test;
    std::size_t plus = 0, minus = 0;
    for (const Ranked& r : ranks) (r.difference > 0 ? plus : minus) += r.doubled;
    test.plus = 0.5 * static_cast<double>(plus), test.minus = 0.5 * static_cast<double>(minus);
    test.exact = ranks.size() <= most_exact;
    test.p = test.exact ? exact_p(ranks, plus) : normal_p(ranks, test.plus);
    return test;
}

}  // namespace etude
