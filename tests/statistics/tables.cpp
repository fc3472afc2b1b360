#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <cmath>
#include <map>

#include "base/files.hpp"
#include "base/text.hpp"
#include "statistics/bootstrap.hpp"
#include "statistics/holm.hpp"
#include "statistics/paired.hpp"
#include "statistics/quantile.hpp"
#include "statistics/wilcoxon.hpp"
#include "statistics/wilson.hpp"

using namespace etude;

namespace {

using Line = std::vector<std::string>;

double real(const std::string& text) { return parse_real(text).value(); }

std::vector<double> reals(const std::string& text) {
    std::vector<double> values;
    for (const std::string& word : split(text, ' ')) values.push_back(real(word));
    return values;
}

/// Lines of tests_table.csv about `what`, without that word.
std::vector<Line> table_of(const std::string& what) {
    std::vector<Line> lines;
    for (const std::string& line : split(read_file(std::string(ETUDE_SOURCE_DIR) + "/tests/statistics/tests_table.csv"), '\n')) {
        Line fields = split(line, ';');
        if (fields.front() != what) continue;
        fields.erase(fields.begin());
        lines.push_back(std::move(fields));
    }
    return lines;
}

/// SciPy's distribution functions are good to about 1e-10.
void check_close(double ours, const std::string& theirs, const std::string& what) {
    BOOST_TEST(std::abs(ours - real(theirs)) <= 1e-9 * std::max(1e-3, std::abs(real(theirs))), what << ": " << number(ours) << ", not " << theirs);
}

void check_close(const std::vector<double>& ours, const std::string& theirs, const std::string& what) {
    const auto expected = split(theirs, ' ');
    BOOST_TEST_REQUIRE(ours.size() == expected.size(), what);
    for (std::size_t i = 0; i < ours.size(); ++i) check_close(ours[i], expected[i], what);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tables)

BOOST_AUTO_TEST_CASE(wilson_intervals_are_those_of_statsmodels) {
    const auto lines = table_of("wilson");
    BOOST_TEST(lines.size() == 8U);
    for (const Line& line : lines) {
        const Interval95 interval = wilson_interval(std::stoul(line[0]), std::stoul(line[1]));
        check_close(interval.low, line[2], line[0] + " of " + line[1]);
        check_close(interval.high, line[3], line[0] + " of " + line[1]);
    }
}

BOOST_AUTO_TEST_CASE(quantiles_are_those_of_numpy) {
    const auto lines = table_of("quantile");
    BOOST_TEST(lines.size() == 6U);
    for (const Line& line : lines) check_close(quantiles_of(reals(line[0]), std::vector{0.05, 0.25, 0.5, 0.75, 0.95}), line[1], line[0]);
}

BOOST_AUTO_TEST_CASE(holm_adjusts_as_statsmodels_does) {
    const auto lines = table_of("holm");
    BOOST_TEST(lines.size() == 5U);
    for (const Line& line : lines) check_close(holm_adjusted(reals(line[0])), line[1], line[0]);
}

BOOST_AUTO_TEST_CASE(tests_of_the_best_are_adjusted_for_the_pairs_that_are_left) {
    const std::vector<double> p_values{0.001, 0.04, 0.01}, expected{6 * 0.001, 1 * 0.04, 3 * 0.01};
    const auto adjusted = best_adjusted(p_values);
    for (std::size_t i = 0; i < p_values.size(); ++i) BOOST_TEST(adjusted[i] == expected[i], boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(paired_t_tests_are_those_of_scipy) {
    const auto lines = table_of("paired");
    BOOST_TEST(lines.size() == 6U);
    for (const Line& line : lines) {
        const PairedT test = paired_t(reals(line[0]));
        check_close(test.t.value(), line[1], "t of " + line[0]);
        check_close(test.p.value(), line[2], "p of " + line[0]);
        check_close(test.effect.value() * std::sqrt(static_cast<double>(test.difference.n)), line[1], "effect of " + line[0]);
    }
}

BOOST_AUTO_TEST_CASE(pairs_needed_are_those_of_statsmodels) {
    const auto lines = table_of("power");
    BOOST_TEST(lines.size() == 6U);
    for (const Line& line : lines)
        BOOST_TEST(pairs_needed(real(line[0]), real(line[1]), real(line[2])).value() == std::stoul(line[3]), "effect " + line[0]);
    BOOST_TEST(!pairs_needed(0, 0.05, 0.8));
    BOOST_TEST(!pairs_needed(1e-4, 0.05, 0.8));
}

BOOST_AUTO_TEST_CASE(signed_ranks_are_scipys_and_exact_with_ties_and_zeros) {
    const auto lines = table_of("signed_rank");
    BOOST_TEST(lines.size() == 31U);
    for (const Line& line : lines) {
        const SignedRank test = signed_rank(reals(line[1]), line[0] == "pratt" ? Zeros::pratt : Zeros::wilcox);
        check_close(std::min(test.plus, test.minus), line[2], line[0] + " sum of " + line[1]);
        check_close(test.p, line[3], line[0] + " p of " + line[1]);
    }
}

BOOST_AUTO_TEST_CASE(bootstrapped_medians_are_scipys_within_the_resamples_noise) {
    const auto lines = table_of("bootstrap");
    BOOST_TEST(lines.size() == 3U);
    for (const Line& line : lines) {
        std::vector<double> values = reals(line[0]);
        const Interval95 ours = bootstrap_median(values).value();
        // Bounds are order statistics or midpoints of two: within one place of SciPy's 200,000 resamples.
        std::ranges::sort(values);
        const auto place = [&](double bound) { return std::ranges::lower_bound(values, bound) - values.begin(); };
        BOOST_TEST(std::abs(place(ours.low) - place(real(line[1]))) <= 1, line[0] << ": " << ours.low);
        BOOST_TEST(std::abs(place(ours.high) - place(real(line[2]))) <= 1, line[0] << ": " << ours.high);
    }
}

BOOST_AUTO_TEST_SUITE_END()
