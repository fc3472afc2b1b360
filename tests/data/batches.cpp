#include "data/batches.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <numeric>

#include "base/error.hpp"

namespace {

using namespace etude;

Part part_of(std::size_t count) {
    Part part;
    part.count_ = count;
    return part;
}

/// All rows of an epoch, batch by batch.
std::vector<std::uint32_t> rows_of(const Batches& batches) {
    std::vector<std::uint32_t> rows;
    for (std::size_t i = 0; i < batches.per_epoch(); ++i) rows.insert(rows.end(), batches.rows(i).begin(), batches.rows(i).end());
    return rows;
}

std::vector<std::uint32_t> order(std::size_t count, std::uint64_t seed, std::uint64_t epoch) {
    const Part part = part_of(count);
    Batches batches(part, 32, false, seed);
    batches.begin_epoch(epoch);
    return rows_of(batches);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(batches)

BOOST_AUTO_TEST_CASE(an_epoch_shows_every_sample_once_and_the_rest_is_a_smaller_batch) {
    const Part part = part_of(500);
    Batches batches(part, 32, false, 1);
    BOOST_TEST(batches.per_epoch() == 16u);
    BOOST_TEST(batches.samples_per_epoch() == 500u);
    for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
        batches.begin_epoch(epoch);
        BOOST_TEST(batches.rows(0).size() == 32u);
        BOOST_TEST(batches.rows(15).size() == 20u);
        std::vector<std::uint32_t> rows = rows_of(batches), sorted(500);
        BOOST_TEST(!std::ranges::is_sorted(rows));
        std::ranges::sort(rows);
        std::iota(sorted.begin(), sorted.end(), 0u);
        BOOST_TEST(rows == sorted);
    }
}

BOOST_AUTO_TEST_CASE(drop_last_leaves_the_smaller_batch_out) {
    const Part part = part_of(100);
    const Batches batches(part, 32, true, 1), even(part, 50, true, 1), too_large(part, 101, true, 1);
    BOOST_TEST(batches.per_epoch() == 3u);
    BOOST_TEST(batches.samples_per_epoch() == 96u);
    BOOST_TEST(even.per_epoch() == 2u);
    BOOST_TEST(too_large.per_epoch() == 0u);
}

BOOST_AUTO_TEST_CASE(the_order_is_a_function_of_seed_and_epoch) {
    BOOST_TEST(order(500, 1, 7) == order(500, 1, 7));
    BOOST_TEST(order(500, 1, 7) != order(500, 1, 8));
    BOOST_TEST(order(500, 1, 7) != order(500, 2, 7));
}

BOOST_AUTO_TEST_CASE(epochs_may_be_asked_for_in_any_order) {
    const Part part = part_of(64);
    Batches batches(part, 10, false, 3);
    batches.begin_epoch(9);
    const std::vector<std::uint32_t> ninth = rows_of(batches);
    batches.begin_epoch(2);
    batches.begin_epoch(9);
    BOOST_TEST(rows_of(batches) == ninth);
}

BOOST_AUTO_TEST_CASE(the_order_does_not_depend_on_the_size_of_a_batch) {
    const Part part = part_of(90);
    const Batches small(part, 7, false, 5), large(part, 90, false, 5);
    BOOST_TEST(rows_of(small) == rows_of(large));
}

BOOST_AUTO_TEST_CASE(a_batch_beyond_the_epoch_is_a_bug) {
    const Part part = part_of(10);
    const Batches batches(part, 4, false, 0);
    BOOST_CHECK_THROW(batches.rows(3), Bug);
    BOOST_CHECK_THROW(Batches(part, 0, false, 0), Bug);
}

BOOST_AUTO_TEST_SUITE_END()
