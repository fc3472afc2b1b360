#include "statistics/unpaired.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

#include "base/files.hpp"
#include "base/random.hpp"
#include "base/text.hpp"

using namespace etude;

namespace {

using Line = std::vector<std::string>;

std::vector<double> reals(const std::string& text) {
    std::vector<double> values;
    for (const std::string& word : split(text, ' ')) values.push_back(parse_real(word).value());
    return values;
}

std::vector<Line> table_of(const std::string& what) {
    std::vector<Line> lines;
    for (const std::string& line : split(read_file(std::string(ETUDE_SOURCE_DIR) + "/tests/statistics/unpaired_table.csv"), '\n'))
        if (Line fields = split(line, ';'); fields.front() == what) lines.push_back(std::move(fields));
    return lines;
}

void check_close(double ours, double theirs, const std::string& what) {
    BOOST_TEST(std::abs(ours - theirs) <= 1e-9 * std::max(1e-3, std::abs(theirs)), what << ": " << number(ours) << ", not " << number(theirs));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(unpaired)

BOOST_AUTO_TEST_CASE(welchs_tests_are_those_of_scipy) {
    const auto lines = table_of("welch");
    BOOST_TEST(lines.size() == 4U);
    for (const Line& line : lines) {
        const WelchT test = welch_t(reals(line[1]), reals(line[2]));
        check_close(test.t.value(), parse_real(line[3]).value(), "t of " + line[1]);
        check_close(test.p.value(), parse_real(line[4]).value(), "p of " + line[1]);
        const auto bounds = reals(line[5]);
        check_close(test.interval.value().low, bounds[0], "low of " + line[1]);
        check_close(test.interval.value().high, bounds[1], "high of " + line[1]);
    }
}

BOOST_AUTO_TEST_CASE(rank_sums_are_scipys_and_exact_with_ties) {
    const auto lines = table_of("rank_sum");
    BOOST_TEST(lines.size() == 14U);
    for (const Line& line : lines) {
        const RankSum test = rank_sum(reals(line[1]), reals(line[2]));
        check_close(test.u, parse_real(line[3]).value(), "u of " + line[1]);
        check_close(test.p, parse_real(line[4]).value(), "p of " + line[1]);
    }
}

BOOST_AUTO_TEST_CASE(samples_without_spread_or_numbers_are_answered) {
    const std::vector<double> ones(4, 1.0), twos(3, 2.0), one{1.0}, none;
    BOOST_TEST(welch_t(ones, twos).p.value() == 0.0);
    BOOST_TEST(welch_t(ones, ones).p.value() == 1.0);
    BOOST_TEST(!welch_t(one, twos).p);
    BOOST_TEST(welch_t(one, twos).difference.value() == -1.0);
    BOOST_TEST(!welch_t(none, twos).difference);
    BOOST_TEST(rank_sum(ones, twos).effect == -1.0);
    BOOST_TEST(rank_sum(ones, ones).p == 1.0);
}

BOOST_AUTO_TEST_CASE(the_smallest_p_of_a_rank_sum_is_reached_by_samples_that_do_not_overlap) {
    const std::vector<double> low{1, 2, 3, 4}, high{5, 6, 7};
    BOOST_TEST(smallest_rank_sum_p(4, 3) == 2.0 / 35, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(rank_sum(low, high).p == 2.0 / 35, boost::test_tools::tolerance(1e-12));
}

/// Of 4000 draws the share that rejects has a standard error of 0.0034.
BOOST_AUTO_TEST_CASE(equal_means_are_told_apart_in_one_of_twenty_draws_at_most) {
    std::size_t welch = 0, ranks = 0;
    constexpr std::size_t draws = 4000;
    for (std::size_t draw = 0; draw < draws; ++draw) {
        Rng rng(draw, "unpaired");
        std::vector<double> first, second;
        for (int i = 0; i < 10; ++i) first.push_back(rng.normal());
        for (int i = 0; i < 15; ++i) second.push_back(rng.normal());
        if (*welch_t(first, second).p <= 0.05) ++welch;
        if (rank_sum(first, second).p <= 0.05) ++ranks;
    }
    BOOST_TEST(std::abs(static_cast<double>(welch) / draws - 0.05) < 0.012, welch);
    BOOST_TEST(static_cast<double>(ranks) / draws < 0.06, ranks);
    BOOST_TEST(static_cast<double>(ranks) / draws > 0.03, ranks);
}

BOOST_AUTO_TEST_SUITE_END()
