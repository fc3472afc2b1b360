#include "statistics/moments.hpp"

#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/files.hpp"
#include "base/text.hpp"

using namespace etude;

namespace {

double real(const std::string& text) { return parse_real(text).value(); }

/// To 1e-12 of the larger of value and spread: two ways of summing differ by roundings. SciPy 1.10's quantiles are themselves off by
/// up to 4e-10 (one and two degrees of freedom have closed forms, below), so that what contains a quantile is compared to 1e-9.
constexpr double roundings = 1e-12, quantile = 1e-9;
void check_close(double ours, double theirs, double scale, const std::string& what, double tolerance = roundings) {
    BOOST_TEST(std::abs(ours - theirs) <= tolerance * scale, what << ": " << number(ours) << ", SciPy " << number(theirs));
}

std::vector<std::vector<std::string>> scipy_table() {
    std::vector<std::vector<std::string>> lines;
    for (const std::string& line : split(read_file(std::string(ETUDE_SOURCE_DIR) + "/tests/statistics/moments_table.csv"), '\n'))
        if (!line.empty()) lines.push_back(split(line, ';'));
    return lines;
}

using Optional = std::optional<double>;
using Ranks = std::vector<std::optional<std::size_t>>;

}  // namespace

BOOST_AUTO_TEST_SUITE(moments)

BOOST_AUTO_TEST_CASE(means_spreads_and_intervals_are_scipys) {
    int samples = 0, quantiles = 0;
    for (const auto& line : scipy_table()) {
        if (line[0] == "student") {
            const auto degrees = static_cast<std::size_t>(real(line[1]));
            check_close(student_975(degrees), real(line[2]), real(line[2]), "student " + line[1], quantile);
            ++quantiles;
            continue;
        }
        std::vector<double> values;
        for (const std::string& value : split(line[1], ' ')) values.push_back(real(value));
        const Statistics s = statistics_of(values);
        BOOST_TEST(s.n == values.size());
        const double scale = std::max({std::abs(real(line[2])), real(line[3]), real(line[6]) - real(line[5])});
        check_close(s.mean.value(), real(line[2]), scale, line[0] + ", mean");
        check_close(s.std.value(), real(line[3]), scale, line[0] + ", std");
        check_close(s.sem.value(), real(line[4]), scale, line[0] + ", sem");
        check_close(s.interval.value().low, real(line[5]), scale, line[0] + ", low", quantile);
        check_close(s.interval.value().high, real(line[6]), scale, line[0] + ", high", quantile);
        ++samples;
    }
    BOOST_TEST(samples == 9);
    BOOST_TEST(quantiles == 11);
}

BOOST_AUTO_TEST_CASE(quantiles_of_one_and_two_degrees_of_freedom_are_their_closed_forms) {
    check_close(student_975(1), std::tan(0.475 * std::numbers::pi), 12.7, "tan(0.475 pi)");
    check_close(student_975(2), 0.95 / std::sqrt(2 * 0.975 * 0.025), 4.3, "(2 p - 1) / sqrt(2 p (1 - p))");
}

BOOST_AUTO_TEST_CASE(equal_numbers_have_no_spread_to_the_last_bit) {
    for (const double value : {0.1, 0.3, 1e-300, -7.7}) {
        const Statistics s = statistics_of(std::vector<double>(7, value));
        BOOST_TEST((s.mean == value));
        BOOST_TEST((s.std == 0.0));
        BOOST_TEST((s.interval == Interval95{value, value}));
    }
}

BOOST_AUTO_TEST_CASE(one_number_has_a_mean_and_nothing_else) {
    const Statistics s = statistics_of(std::vector<double>{0.5});
    BOOST_TEST((s.mean == 0.5));
    BOOST_TEST((!s.std && !s.sem && !s.interval));
}

BOOST_AUTO_TEST_CASE(no_number_has_nothing) {
    BOOST_TEST((statistics_of({}) == Statistics{}));
}

BOOST_AUTO_TEST_CASE(an_infinite_number_makes_the_mean_infinite) {
    const double inf = std::numeric_limits<double>::infinity();
    BOOST_TEST((statistics_of(std::vector<double>{inf, 1, 2}).mean == inf));
    BOOST_TEST((statistics_of(std::vector<double>{1, inf, 2}).mean == inf));
}

BOOST_AUTO_TEST_CASE(ranks_follow_the_goal_and_ties_share_one) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const std::vector<Optional> values{0.5, 0.8, {}, 0.8, nan, 0.1};
    BOOST_TEST((ranks_of(values, true) == Ranks{3, 1, {}, 1, {}, 4}));
    BOOST_TEST((ranks_of(values, false) == Ranks{2, 3, {}, 3, {}, 1}));
    BOOST_TEST(ranks_of({}, true).empty());
}

BOOST_AUTO_TEST_SUITE_END()
