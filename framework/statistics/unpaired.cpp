// Exact: ranks doubled are whole numbers even with ties; taking one rank after the other counts the ways to choose so many of them with such a sum.
#include "statistics/unpaired.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <vector>

namespace etude {
namespace {

constexpr std::size_t most_exact = 60;

/// Twice the rank of each number of both samples, the first sample's in front.
std::vector<std::size_t> doubled_ranks(std::span<const double> first, std::span<const double> second) {
    std::vector<double> all(first.begin(), first.end()), sorted;
    all.insert(all.end(), second.begin(), second.end());
    sorted = all;
    std::ranges::sort(sorted);
    std::vector<std::size_t> ranks;
    for (const double value : all) {
        const auto [from, to] = std::ranges::equal_range(sorted, value);
        ranks.push_back(static_cast<std::size_t>((from - sorted.begin()) + (to - sorted.begin()) + 1));
    }
    return ranks;
}

/// counts[sum]: ways to take `size` of the ranks with that sum. Doubles hold them: the largest is C(60, 30), and only shares of them are wanted.
std::vector<double> ways(const std::vector<std::size_t>& ranks, std::size_t size) {
    std::size_t total = 0;
    for (const std::size_t rank : ranks) total += rank;
    std::vector<std::vector<double>> counts(size + 1, std::vector<double>(total + 1, 0.0));
    counts[0][0] = 1;
    for (const std::size_t rank : ranks)
        for (std::size_t taken = size; taken > 0; --taken)
            for (std::size_t sum = total; sum >= rank; --sum) counts[taken][sum] += counts[taken - 1][sum - rank];
    return counts[size];
}

double exact_p(const std::vector<std::size_t>& ranks, std::size_t size, std::size_t doubled_sum) {
    const std::vector<double> counts = ways(ranks, size);
    double below = 0, above = 0, all = 0;  // both with the value seen
    for (std::size_t sum = 0; sum < counts.size(); ++sum) {
        all += counts[sum];
        if (sum <= doubled_sum) below += counts[sum];
        if (sum >= doubled_sum) above += counts[sum];
    }
    return std::min(1.0, 2 * std::min(below, above) / all);
}

/// Of sums of `m` ranks drawn from all of them without putting back.
double normal_p(const std::vector<std::size_t>& ranks, double m, double sum) {
    const auto n = static_cast<double>(ranks.size());
    double spread = 0;
    const double mean = (n + 1) / 2;
    for (const std::size_t doubled : ranks) spread += std::pow(0.5 * static_cast<double>(doubled) - mean, 2);
    const double variance = m * (n - m) / (n * (n - 1)) * spread;
    if (!(variance > 0)) return 1;
    const double z = std::abs(sum - m * mean) / std::sqrt(variance);
    return std::min(1.0, 2 * boost::math::cdf(boost::math::complement(boost::math::normal(), z)));
}

}  // namespace

WelchT welch_t(std::span<const double> first, std::span<const double> second) {
    const Statistics a = statistics_of(first), b = statistics_of(second);
    WelchT test{.first = a.n, .second = b.n, .difference = {}, .interval = {}, .t = {}, .degrees = {}, .p = {}};
    if (!a.mean || !b.mean) return test;
    const double difference = *a.mean - *b.mean;
    test.difference = difference;
    if (!a.std || !b.std) return test;
    const double va = *a.sem * *a.sem, vb = *b.sem * *b.sem, error = std::sqrt(va + vb);
    if (error == 0) {
        test.p = difference == 0 ? 1.0 : 0.0;
        test.interval = Interval95{difference, difference};
        return test;
    }
    const double degrees = (va + vb) * (va + vb) / (va * va / static_cast<double>(a.n - 1) + vb * vb / static_cast<double>(b.n - 1));
    const boost::math::students_t student(degrees);
    const double half = error * boost::math::quantile(boost::math::complement(student, 0.025));
    test.t = difference / error;
    test.degrees = degrees;
    test.interval = Interval95{difference - half, difference + half};
    test.p = 2 * boost::math::cdf(boost::math::complement(student, std::abs(*test.t)));
    return test;
}

RankSum rank_sum(std::span<const double> first, std::span<const double> second) {
    const std::vector<std::size_t> ranks = doubled_ranks(first, second);
    std::size_t doubled = 0;
    for (std::size_t i = 0; i < first.size(); ++i) doubled += ranks[i];
    const auto m = static_cast<double>(first.size()), n = static_cast<double>(second.size());
    const double sum = 0.5 * static_cast<double>(doubled);
    RankSum test;
    test.u = sum - m * (m + 1) / 2;
    test.effect = 2 * test.u / (m * n) - 1;
    test.exact = ranks.size() <= most_exact;
    test.p = test.exact ? exact_p(ranks, first.size(), doubled) : normal_p(ranks, m, sum);
    return test;
}

double smallest_rank_sum_p(std::size_t first, std::size_t second) {
    double ways = 1;  // C(first + second, first)
    for (std::size_t i = 1; i <= first; ++i) ways *= static_cast<double>(second + i) / static_cast<double>(i);
    return std::min(1.0, 2 / ways);
}

}  // namespace etude
