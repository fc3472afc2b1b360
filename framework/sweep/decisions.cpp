#include "sweep/decisions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/random.hpp"
#include "statistics/paired.hpp"

namespace etude {
namespace {

/// Integers in proportion to `weights` that sum to `count`: largest remainders, the earlier one first.
std::vector<std::size_t> shared_out(std::size_t count, const std::vector<double>& weights) {
    const double all = std::accumulate(weights.begin(), weights.end(), 0.0);
    std::vector<std::size_t> shares;
    std::vector<std::pair<double, std::size_t>> remainders;  // negative, for the order
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const double exact = static_cast<double>(count) * weights[i] / all;
        shares.push_back(static_cast<std::size_t>(exact));
        remainders.emplace_back(std::floor(exact) - exact, i);
    }
    std::ranges::sort(remainders);
    const std::size_t left = count - std::accumulate(shares.begin(), shares.end(), std::size_t{0});
    for (std::size_t i = 0; i < left; ++i) ++shares[remainders[i].second];
    return shares;
}

double mean_until(const CostCurve& curve, std::uint64_t epochs) {
    const std::size_t n = std::min<std::size_t>(curve.size(), epochs);
    if (n == 0) return std::numeric_limits<double>::infinity();
    return std::accumulate(curve.begin(), curve.begin() + static_cast<std::ptrdiff_t>(n), 0.0) / static_cast<double>(n);
}

double median_of(std::vector<double> values) {
    std::ranges::sort(values);
    const double lower = values[(values.size() - 1) / 2], upper = values[values.size() / 2];
    return lower == upper ? lower : (lower + upper) / 2;
}

double mean_cost(const std::vector<std::optional<double>>& costs) {
    double sum = 0;
    std::size_t n = 0;
    for (const auto& cost : costs)
        if (cost) sum += *cost, ++n;
    return n > 0 ? sum / static_cast<double>(n) : std::numeric_limits<double>::infinity();
}

/// That `worse` costs no more than `better`, one-sided.
double p_of_no_difference(const std::vector<std::optional<double>>& worse, const std::vector<std::optional<double>>& better) {
    std::vector<double> differences;
    for (std::size_t seed = 0; seed < std::min(worse.size(), better.size()); ++seed)
        if (worse[seed] && better[seed]) differences.push_back(*worse[seed] - *better[seed]);
    const PairedT test = paired_t(differences);
    if (!test.p || !(*test.difference.mean > 0)) return 1;
    return test.t ? *test.p / 2 : std::pow(0.5, static_cast<double>(differences.size()));
}

}  // namespace

std::vector<std::uint64_t> halving_rungs(const Pruning& rule, std::uint64_t epochs) {
    std::vector<std::uint64_t> rungs;
    for (std::uint64_t rung = rule.min_epochs; rung < epochs; rung *= rule.eta) rungs.push_back(rung);
    rungs.push_back(epochs);
    return rungs;
}

std::vector<std::size_t> halved(std::span<const Standing> standings, std::uint64_t eta) {
    std::vector<Standing> order(standings.begin(), standings.end());
    std::ranges::stable_sort(order, [](const Standing& a, const Standing& b) { return a.is_lost != b.is_lost ? b.is_lost : a.cost < b.cost; });
    order.resize(std::max<std::size_t>(1, order.size() / eta));
    std::vector<std::size_t> kept;
    for (const Standing& standing : standings)
        if (std::ranges::find(order, standing.configuration, &Standing::configuration) != order.end()) kept.push_back(standing.configuration);
    return kept;
}

std::vector<Bracket> hyperband_brackets(const Pruning& rule, std::size_t count, std::uint64_t epochs) {
    const std::vector<std::uint64_t> rungs = halving_rungs(rule, epochs);
    const std::size_t most = rungs.size() - 1;  // s_max: the bracket that looks earliest halves so often
    std::vector<double> weights;
    for (std::size_t s = most + 1; s-- > 0;)
        weights.push_back(std::ceil(static_cast<double>(most + 1) / static_cast<double>(s + 1) *
                                    std::pow(static_cast<double>(rule.eta), static_cast<double>(s))));
    std::vector<std::uint32_t> order(count);
    Rng(rule.seed, "hyperband").permutation(order);
    std::vector<Bracket> brackets;
    std::size_t dealt = 0;
    const std::vector<std::size_t> sizes = shared_out(count, weights);
    for (std::size_t b = 0; b < sizes.size(); ++b) {
        Bracket bracket{{}, {rungs.begin() + static_cast<std::ptrdiff_t>(b), rungs.end()}};
        for (std::size_t i = 0; i < sizes[b]; ++i) bracket.configurations.push_back(order[dealt++]);
        std::ranges::sort(bracket.configurations);
        if (!bracket.configurations.empty()) brackets.push_back(std::move(bracket));
    }
    return brackets;
}

std::vector<std::size_t> worse_than_median(std::span<const CostCurve> all, std::span<const std::size_t> alive, std::uint64_t epochs) {
    std::vector<double> means;
    for (const CostCurve& curve : all) means.push_back(mean_until(curve, epochs));
    const double median = median_of(means);
    std::vector<std::size_t> ended;
    for (const std::size_t c : alive) {
        const std::size_t n = std::min<std::size_t>(all[c].size(), epochs);
        if (n == 0 || *std::min_element(all[c].begin(), all[c].begin() + static_cast<std::ptrdiff_t>(n)) > median) ended.push_back(c);
    }
    return ended;
}

std::vector<std::size_t> decided(const std::vector<std::vector<std::optional<double>>>& costs, std::span<const std::size_t> alive, const Race& race) {
    if (alive.empty()) return {};
    const std::size_t leader = *std::ranges::min_element(alive, {}, [&](std::size_t c) { return mean_cost(costs[c]); });
    const double level = race.alpha / static_cast<double>(race.rivals * race.looks);
    std::vector<std::size_t> ended;
    for (const std::size_t c : alive)
        if (c != leader && p_of_no_difference(costs[c], costs[leader]) <= level) ended.push_back(c);
    return ended;
}

}  // namespace etude
