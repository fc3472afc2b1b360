#include "base/random.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/files.hpp"
#include "base/text.hpp"

namespace {

using namespace etude;

std::vector<std::vector<std::string>> table(const std::string& kind) {
    std::vector<std::vector<std::string>> rows;
    for (const std::string& line : split(read_file(ETUDE_SOURCE_DIR "/tests/base/tables/random.csv"), '\n'))
        if (std::vector<std::string> cells = split(line, ','); cells.front() == kind) rows.push_back(std::move(cells));
    return rows;
}

std::uint32_t word(const std::string& cell) { return static_cast<std::uint32_t>(std::stoul(cell, nullptr, 16)); }

std::vector<std::uint32_t> words(Rng rng, std::size_t count = 8) {
    std::vector<std::uint32_t> given(count);
    for (std::uint32_t& one : given) one = rng.bits();
    return given;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(random_numbers)

BOOST_AUTO_TEST_CASE(philox_gives_the_known_answers_of_its_authors) {
    const auto rows = table("philox");
    BOOST_TEST(rows.size() == 5u);
    for (const auto& row : rows) {
        const auto block = philox4x32({word(row[1]), word(row[2]), word(row[3]), word(row[4])}, {word(row[5]), word(row[6])});
        for (std::size_t i = 0; i < 4; ++i) BOOST_TEST(block[i] == word(row[7 + i]));
    }
}

BOOST_AUTO_TEST_CASE(streams_stay_as_they_are_from_release_to_release) {
    const auto rows = table("stream");
    BOOST_TEST(rows.size() == 4u);
    for (const auto& row : rows) {
        const auto given = words(Rng(std::stoull(row[1]), row[2], std::stoull(row[3]), std::stoull(row[4])));
        for (std::size_t i = 0; i < 8; ++i) BOOST_TEST(given[i] == word(row[5 + i]), row[2] << " word " << i);
    }
}

BOOST_AUTO_TEST_CASE(streams_differ_by_seed_purpose_and_both_numbers) {
    const std::vector<std::uint32_t> streams[] = {words(Rng(1, "init", 2, 3)), words(Rng(2, "init", 2, 3)), words(Rng(1, "drop", 2, 3)),
                                                  words(Rng(1, "init", 3, 3)), words(Rng(1, "init", 2, 4)), words(Rng(1, "init", 3, 2)),
                                                  words(Rng(1, "init"))};
    for (std::size_t i = 0; i < std::size(streams); ++i)
        for (std::size_t j = 0; j < i; ++j) BOOST_TEST(streams[i] != streams[j], i << " and " << j);
    BOOST_TEST(words(Rng(1, "init", 2, 3)) == streams[0]);
}

BOOST_AUTO_TEST_CASE(uniforms_fill_their_interval_evenly) {
    // Chi-square with 255 degrees of freedom lies below 347.65 with probability 1 - 1e-4; the seed is fixed, so this either holds or does not.
    Rng rng(7, "uniform");
    std::vector<double> counts(256);
    const int n = 256 * 1000;
    for (int i = 0; i < n; ++i) {
        const double u = rng.uniform();
        BOOST_REQUIRE((u >= 0 && u < 1));
        ++counts[static_cast<std::size_t>(u * 256)];
    }
    double chi_square = 0;
    for (const double count : counts) chi_square += (count - 1000) * (count - 1000) / 1000;
    BOOST_TEST(chi_square < 347.65);
    for (int i = 0; i < 1000; ++i) {
        const double u = rng.uniform(-3, 5);
        BOOST_TEST((u >= -3 && u < 5));
    }
}

BOOST_AUTO_TEST_CASE(numbers_below_a_bound_are_unbiased) {
    // 5 degrees of freedom: below 25.75 with probability 1 - 1e-4. A bound of 3 * 2^30 makes the plain product biased by a third.
    Rng rng(3, "below");
    std::vector<double> counts(6);
    for (int i = 0; i < 60000; ++i) ++counts[rng.below(6)];
    double chi_square = 0;
    for (const double count : counts) chi_square += (count - 10000) * (count - 10000) / 10000;
    BOOST_TEST(chi_square < 25.75);

    const std::uint32_t bound = 3u << 30;
    std::vector<double> thirds(3);
    for (int i = 0; i < 30000; ++i) ++thirds[rng.below(bound) % 3];  // 2^32 / bound maps one word in four of the plain product twice: remainder 0
    for (const double count : thirds) BOOST_TEST(std::abs(count - 10000) < 400);  // 5 standard deviations
    BOOST_TEST(rng.below(1) == 0u);
}

BOOST_AUTO_TEST_CASE(normals_have_the_moments_of_the_normal_distribution) {
    Rng rng(11, "normal");
    const int n = 200000;
    double moments[4] = {};
    for (int i = 0; i < n; ++i) {
        const double x = rng.normal();
        for (int k = 0; k < 4; ++k) moments[k] += std::pow(x, k + 1) / n;
    }
    // Five standard errors: sqrt(1, 2, 15, 96) / sqrt(n).
    BOOST_TEST(std::abs(moments[0]) < 5 * std::sqrt(1.0 / n));
    BOOST_TEST(std::abs(moments[1] - 1) < 5 * std::sqrt(2.0 / n));
    BOOST_TEST(std::abs(moments[2]) < 5 * std::sqrt(15.0 / n));
    BOOST_TEST(std::abs(moments[3] - 3) < 5 * std::sqrt(96.0 / n));
}

BOOST_AUTO_TEST_CASE(a_permutation_holds_every_number_once) {
    for (const std::size_t size : {0u, 1u, 2u, 3u, 500u, 60000u}) {
        std::vector<std::uint32_t> order(size, 77), sorted(size);
        Rng(5, "shuffle", size).permutation(order);
        std::ranges::sort(order);
        std::iota(sorted.begin(), sorted.end(), 0u);
        BOOST_TEST((order == sorted), size);
    }
}

BOOST_AUTO_TEST_CASE(every_order_of_four_is_as_likely) {
    // 24 orders, 23 degrees of freedom: below 56.0 with probability 1 - 1e-4 (the fixed seed makes it certain).
    std::vector<double> counts(256);
    for (std::uint64_t i = 0; i < 24000; ++i) {
        std::uint32_t order[4];
        Rng(9, "shuffle", i).permutation(order);
        ++counts[order[0] | order[1] << 2 | order[2] << 4 | order[3] << 6];
    }
    double chi_square = 0;
    int seen = 0;
    for (const double count : counts) {
        if (count == 0) continue;
        ++seen;
        chi_square += (count - 1000) * (count - 1000) / 1000;
    }
    BOOST_TEST(seen == 24);
    BOOST_TEST(chi_square < 56.0);
}

BOOST_AUTO_TEST_SUITE_END()
