#include "sweep/decisions.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

#include "base/random.hpp"

using namespace etude;

namespace {

using Places = std::vector<std::size_t>;
using Costs = std::vector<std::vector<std::optional<double>>>;

Pruning rule(std::uint64_t eta, std::uint64_t min_epochs) { return {.min_epochs = min_epochs, .eta = eta}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(sweep_decisions)

BOOST_AUTO_TEST_CASE(rungs_of_halving_grow_by_eta_and_end_with_the_run) {
    BOOST_TEST(halving_rungs(rule(3, 1), 81) == (std::vector<std::uint64_t>{1, 3, 9, 27, 81}), boost::test_tools::per_element());
    BOOST_TEST(halving_rungs(rule(2, 3), 20) == (std::vector<std::uint64_t>{3, 6, 12, 20}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(halving_keeps_the_best_one_in_eta_and_at_least_one) {
    const std::vector<Standing> seven{{4, 0.5}, {1, 0.1}, {9, 0.3}, {2, 0.7}, {3, 0.2}, {5, 0.9}, {6, 0.1}};
    BOOST_TEST(halved(seven, 3) == (Places{1, 6}), boost::test_tools::per_element());
    BOOST_TEST(halved(seven, 2) == (Places{1, 3, 6}), boost::test_tools::per_element());
    BOOST_TEST(halved(seven, 10) == (Places{1}), boost::test_tools::per_element());  // the first of two that are equal
}

BOOST_AUTO_TEST_CASE(what_has_diverged_on_every_seed_stands_behind_all_others) {
    const std::vector<Standing> three{{0, 0.1, true}, {1, 0.9}, {2, 0.8}};
    BOOST_TEST(halved(three, 2) == (Places{2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(hyperband_has_the_brackets_of_the_paper) {
    // Li et al. 2018, table 1, R = 81 and eta = 3: 81, 34, 15, 8 and 5 configurations from 1, 3, 9, 27 and 81 epochs on
    const auto brackets = hyperband_brackets(rule(3, 1), 143, 81);
    constexpr std::array<std::size_t, 5> sizes{81, 34, 15, 8, 5};
    constexpr std::array<std::uint64_t, 5> first{1, 3, 9, 27, 81};
    BOOST_TEST_REQUIRE(brackets.size() == 5u);
    std::vector<bool> seen(143, false);
    for (std::size_t b = 0; b < 5; ++b) {
        BOOST_TEST(brackets[b].configurations.size() == sizes[b]);
        BOOST_TEST(brackets[b].rungs.front() == first[b]);
        BOOST_TEST(brackets[b].rungs.back() == 81u);
        for (const std::size_t c : brackets[b].configurations) seen[c] = true;
    }
    BOOST_TEST(std::ranges::count(seen, true) == 143);
}

BOOST_AUTO_TEST_CASE(hyperband_deals_all_configurations_out_by_its_seed) {
    std::size_t all = 0;
    for (const Bracket& bracket : hyperband_brackets(rule(3, 1), 10, 9)) all += bracket.configurations.size();
    BOOST_TEST(all == 10u);
    Pruning other = rule(3, 1);
    other.seed = 1;
    BOOST_TEST((hyperband_brackets(rule(3, 1), 30, 9)[0].configurations != hyperband_brackets(other, 30, 9)[0].configurations));
}

BOOST_AUTO_TEST_CASE(the_median_rule_compares_the_best_so_far_with_the_median_of_running_means) {
    // after 2 epochs running means 2, 4, 5 and of the ended one 9: the median is 4.5; least costs 1, 3, 5
    const std::vector<CostCurve> curves{{3, 1}, {5, 3}, {5, 5}, {9}};
    BOOST_TEST(worse_than_median(curves, Places{0, 1, 2}, 2) == (Places{2}), boost::test_tools::per_element());
    // after 1 epoch the means are 3, 5, 5, 9 and the median is 5: worse is 9 alone
    BOOST_TEST(worse_than_median(curves, Places{0, 1, 2, 3}, 1) == (Places{3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_race_ends_what_is_worse_by_the_paired_t_test) {
    // differences 1, 2, 3: t = 2 sqrt(3) with 2 degrees of freedom, one-sided p = 1/2 - t / (2 sqrt(2 + t^2)) = 0.0370899
    const Costs costs{{1, 1, 1}, {2, 3, 4}};
    BOOST_TEST(decided(costs, Places{0, 1}, {.alpha = 0.0371, .rivals = 1, .looks = 1}) == (Places{1}), boost::test_tools::per_element());
    BOOST_TEST(decided(costs, Places{0, 1}, {.alpha = 0.0370, .rivals = 1, .looks = 1}).empty());
    BOOST_TEST(decided(costs, Places{0, 1}, {.alpha = 0.0371 * 6, .rivals = 2, .looks = 3}) == (Places{1}), boost::test_tools::per_element());
    BOOST_TEST(decided(costs, Places{0, 1}, {.alpha = 0.0370 * 6, .rivals = 2, .looks = 3}).empty());
}

BOOST_AUTO_TEST_CASE(differences_without_spread_count_by_their_signs) {
    const Costs costs{{1, 1, 1, 1, 1}, {2, 2, 2, 2, 2}, {1, 1, 1, 1, 1}};
    BOOST_TEST(decided(costs, Places{0, 1, 2}, {.alpha = 1.0 / 32, .rivals = 1, .looks = 1}) == (Places{1}), boost::test_tools::per_element());
    BOOST_TEST(decided(costs, Places{0, 1, 2}, {.alpha = 1.0 / 33, .rivals = 1, .looks = 1}).empty());
}

BOOST_AUTO_TEST_CASE(seeds_that_one_of_the_two_lacks_are_left_out_of_the_pairs) {
    const Costs costs{{1, 1, 1, std::nullopt}, {2, 3, 4, -100}};
    BOOST_TEST(decided(costs, Places{0}, {}).empty());
    BOOST_TEST(decided(Costs{{1, 1, 1, 1}, {2, 3, 4, std::nullopt}}, Places{0, 1}, {.alpha = 0.0371, .rivals = 1, .looks = 1}) == (Places{1}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_race_seldom_ends_the_best_and_soon_ends_the_bad) {
    // Six configurations, up to 12 seeds that move all of them alike; the first is the best by a hair, or five times its own noise.
    constexpr std::size_t runs = 2000, seeds = 12, first_look = 3;
    for (const double gap : {1e-6, 5.0}) {
        std::size_t lost = 0, spent = 0;
        for (std::size_t run = 0; run < runs; ++run) {
            Rng rng(run, "race", gap > 1);
            Places alive{0, 1, 2, 3, 4, 5};
            Costs costs(6);
            for (std::size_t seed = 0; seed < seeds; ++seed) {
                const double shared = 3 * rng.normal();
                for (std::size_t c = 0; c < 6; ++c) {
                    const double cost = shared + rng.normal() + (c == 0 ? 0 : gap);
                    if (std::ranges::find(alive, c) != alive.end()) costs[c].push_back(cost), ++spent;
                }
                if (seed + 1 < first_look || seed + 1 == seeds) continue;
                for (const std::size_t c : decided(costs, alive, {.alpha = 0.05, .rivals = 5, .looks = seeds - first_look})) std::erase(alive, c);
            }
            lost += std::ranges::find(alive, std::size_t{0}) == alive.end();
        }
        BOOST_TEST(static_cast<double>(lost) <= 0.05 * runs);
        const double share = static_cast<double>(spent) / (runs * seeds * 6);
        if (gap > 1) BOOST_TEST(share < 0.65);
        else BOOST_TEST(share > 0.95);
    }
}

BOOST_AUTO_TEST_SUITE_END()
