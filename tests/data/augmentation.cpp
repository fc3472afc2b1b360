// Flip and padded crop: against the picture built by hand, one pixel at a time.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "base/random.hpp"
#include "data/dataset.hpp"

namespace {

using namespace etude;

constexpr SampleShape shape{.channels = 3, .height = 4, .width = 6};

/// Images of distinct bytes above 0, with another scaling in each channel.
Part images(std::size_t count, Augmentation augmentation) {
    auto bytes = std::make_shared<AlignedBuffer<std::uint8_t>>(count * shape.size());
    for (std::size_t i = 0; i < bytes->size(); ++i) (*bytes)[i] = static_cast<std::uint8_t>(1 + i % 251);
    Part part;
    part.count_ = count;
    part.features_ = shape.size();
    part.shape_ = shape;
    part.bytes_ = std::move(bytes);
    part.scaling_ = {{2, 1}, {0.5f, 0}, {1, -3}};
    part.augmentation_ = augmentation;
    return part;
}

std::vector<float> augmented(const Part& part, const std::vector<std::uint32_t>& rows, const AugmentationKey& key) {
    std::vector<float> values(rows.size() * shape.size(), 1e9f);
    part.gather_augmented(rows, values.data(), shape.size(), key);
    return values;
}

/// The same from the definition: the padded picture, cut, then mirrored.
std::vector<float> by_hand(const Part& part, std::uint32_t row, const AugmentationKey& key) {
    Rng random(key.seed, "augment", key.epoch, row);
    const bool coin = (random.bits() & 1) != 0;
    const auto padding = static_cast<std::ptrdiff_t>(part.augmentation_.crop);
    const auto places = static_cast<std::uint32_t>(2 * padding + 1);
    const auto down = static_cast<std::ptrdiff_t>(random.below(places)), right = static_cast<std::ptrdiff_t>(random.below(places));
    std::vector<float> values;
    for (std::size_t c = 0; c < 3; ++c)
        for (std::ptrdiff_t y = 0; y < 4; ++y)
            for (std::ptrdiff_t x = 0; x < 6; ++x) {
                const std::ptrdiff_t from_y = y + down - padding, from_x = (part.augmentation_.flip && coin ? 5 - x : x) + right - padding;
                const bool inside = from_y >= 0 && from_y < 4 && from_x >= 0 && from_x < 6;
                const std::size_t at = row * shape.size() + (c * 4 + static_cast<std::size_t>(from_y)) * 6 + static_cast<std::size_t>(from_x);
                const float byte = inside ? static_cast<float>((*part.bytes_)[at]) : 0.0f;
                values.push_back(byte * part.scaling_[c].scale + part.scaling_[c].shift);
            }
    return values;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(augmentation)

BOOST_AUTO_TEST_CASE(a_window_of_the_padded_picture_mirrored_by_a_coin) {
    for (const Augmentation options : {Augmentation{true, 0}, Augmentation{false, 2}, Augmentation{true, 2}, Augmentation{true, 9}}) {
        const Part part = images(50, options);
        for (std::uint32_t row = 0; row < 50; ++row) {
            const AugmentationKey key{.seed = 11, .epoch = row % 3};
            BOOST_TEST((augmented(part, {row}, key) == by_hand(part, row, key)),
                       "flip " << options.flip << " crop " << options.crop << " row " << row);
        }
    }
}

BOOST_AUTO_TEST_CASE(it_is_a_function_of_seed_epoch_and_sample_not_of_the_batch) {
    const Part part = images(20, {true, 2});
    const std::vector<float> together = augmented(part, {3, 17, 5}, {.seed = 1, .epoch = 4});
    const std::vector<float> alone = augmented(part, {5}, {.seed = 1, .epoch = 4});
    BOOST_TEST(std::equal(alone.begin(), alone.end(), together.begin() + 2 * shape.size()));
    std::set<std::vector<float>> different;
    for (std::uint64_t epoch = 0; epoch < 40; ++epoch) different.insert(augmented(part, {5}, {.seed = 1, .epoch = epoch}));
    BOOST_TEST(different.size() > 20u);  // of 50 windows
    BOOST_TEST((augmented(part, {5}, {.seed = 1, .epoch = 4}) != augmented(part, {5}, {.seed = 2, .epoch = 4})));
}

BOOST_AUTO_TEST_CASE(half_of_the_pictures_are_mirrored_and_every_offset_is_as_likely) {
    const Part flipped = images(4000, {true, 0});
    std::size_t mirrored = 0;
    for (std::uint32_t row = 0; row < 4000; ++row) {
        std::vector<float> plain(shape.size());
        flipped.gather({&row, 1}, plain.data(), shape.size());
        mirrored += augmented(flipped, {row}, {.seed = 0, .epoch = 0}) != plain;
    }
    BOOST_TEST(mirrored > 1874u);  // 2000 less four deviations of sqrt(4000) / 2
    BOOST_TEST(mirrored < 2126u);
}

BOOST_AUTO_TEST_CASE(without_options_and_for_evaluation_pictures_are_as_they_are) {
    const Part plain = images(5, {}), augmenting = images(5, {true, 2});
    const std::vector<std::uint32_t> rows = {4, 0};
    std::vector<float> expected(2 * shape.size()), evaluated(2 * shape.size());
    plain.gather(rows, expected.data(), shape.size());
    augmenting.gather(rows, evaluated.data(), shape.size());
    BOOST_TEST((augmented(plain, rows, {.seed = 3, .epoch = 1}) == expected));
    BOOST_TEST((evaluated == expected));
}

BOOST_AUTO_TEST_SUITE_END()
