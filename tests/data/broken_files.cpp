// IDX files that are not whole: each with its own message, wherever the damage is.
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <functional>

#include "base/error.hpp"
#include "data/catalogue.hpp"
#include "data/idx_files.hpp"
#include "data/loading.hpp"

namespace {

using namespace etude;
using test::gzip, test::idx_images, test::idx_labels, test::word;
namespace fs = std::filesystem;

/// What loading mnist from `folder` says; the folder's name is left out.
std::string complaint(const test::TemporaryFolder& folder, std::initializer_list<std::pair<std::string, Value>> given = {}) {
    Component data{"mnist", defaults(find_dataset_kind("mnist")->schema)};
    for (const auto& [key, value] : given) data.values.set(key, value);
    return test::complaint_of(data, folder);
}

struct Case {
    std::string file;  ///< this one is replaced
    std::string content;
    std::string message;  ///< of loading all samples
};

std::string with_byte(std::string text, std::size_t at, int value) {
    text[at] = static_cast<char>(value);
    return text;
}

std::vector<Case> cases() {
    const std::string images = idx_images(40, 2, 3), labels = idx_labels(40), packed = gzip(images), packed_labels = gzip(labels);
    const std::string file = test::train_images, names = test::train_labels;
    const auto ends = [&](std::uint32_t said) {
        return file + ": truncated, or something follows the gzip data: its header promises 256 bytes, its last four bytes say " +
               std::to_string(said);
    };
    const auto last_word = [](const std::string& text) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4; ++i) value |= std::uint32_t{static_cast<std::uint8_t>(text[text.size() - 4 + i])} << (8 * i);
        return value;
    };
    const std::string cut = packed.substr(0, packed.size() / 2), garbage = packed + "garbage", twice = packed + gzip("x");
    return {
        {file, "", file + ": truncated: 0 of 4 bytes of the header"},
        {file, images.substr(0, 3), file + ": truncated: 3 of 4 bytes of the header"},
        {file, images.substr(0, 15), file + ": truncated: 3 of 4 bytes of the header"},
        {file, images.substr(0, 16), file + ": truncated: 16 bytes, its header promises 256"},
        {file, images.substr(0, 255), file + ": truncated: 255 bytes, its header promises 256"},
        {file, images + "x", file + ": 257 bytes, its header promises only 256"},
        {file, labels, file + ": not an IDX file of images: it begins with 0x00000801, not 0x00000803"},
        {names, images, names + ": not an IDX file of labels: it begins with 0x00000803, not 0x00000801"},
        {file, "<html>404</html>", file + ": not an IDX file of images: it begins with 0x3c68746d, not 0x00000803"},
        {file, with_byte(images, 3, 4), file + ": not an IDX file of images: it begins with 0x00000804, not 0x00000803"},
        {file, word(0x803) + word(0) + word(2) + word(3), file + ": 0 images of 2 x 3 are impossible"},
        {file, word(0x803) + word(40) + word(0) + word(3), file + ": 40 images of 0 x 3 are impossible"},
        {file, word(0x803) + word(40) + word(2) + word(0), file + ": 40 images of 2 x 0 are impossible"},
        {file, word(0x803) + word(0xffffffff) + word(28) + word(28), file + ": 4294967295 images of 28 x 28 are impossible"},
        {file, word(0x803) + word(40) + word(70000) + word(28), file + ": 40 images of 70000 x 28 are impossible"},
        {file, word(0x803) + word(100'000'000) + word(4096) + word(4096), file + ": truncated: 16 bytes, its header promises 1677721600000016"},
        {names, word(0x801) + word(0), names + ": 0 labels are impossible"},
        {names, labels.substr(0, 47), names + ": truncated: 47 bytes, its header promises 48"},
        {names, idx_labels(39), names + ": 39 labels for the 40 images of " + file},
        {file, idx_images(41, 2, 3), names + ": 40 labels for the 41 images of " + file},
        {test::test_images, idx_images(20, 3, 2), test::test_images + std::string(": images of 3 x 2, those for training have 2 x 3")},
        {names, with_byte(labels, 8 + 17, 200), names + ": sample 17 has label 200; the classes are 0 to 9"},
        {names, with_byte(labels, 8 + 39, 10), names + ": sample 39 has label 10; the classes are 0 to 9"},
        {file, cut, ends(last_word(cut))},
        {file, packed.substr(0, packed.size() - 1), ends(last_word(packed.substr(0, packed.size() - 1)))},
        {file, garbage, ends(last_word(garbage))},
        {file, twice, ends(1)},
        {file, packed.substr(0, 12), file + ": truncated: 0 of 4 bytes of the header"},
        {file, with_byte(packed, packed.size() - 6, packed[packed.size() - 6] ^ 1), file + ": damaged: incorrect data check"},
        {names, with_byte(packed_labels, packed_labels.size() - 6, packed_labels[packed_labels.size() - 6] ^ 1),
         names + ": damaged: incorrect data check"},
        {file, with_byte(packed, 2, 9), file + ": damaged: unknown compression method"},
        {file, with_byte(packed, 10, 7), file + ": damaged: invalid block type"},
        {file, gzip(word(0x803) + word(2'000'000) + word(28) + word(28)),
         file + ": truncated, or something follows the gzip data: its header promises 1568000016 bytes, its last four bytes say 16"},
    };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(broken_idx_files)

BOOST_AUTO_TEST_CASE(each_kind_of_damage_has_its_own_message) {
    for (const Case& broken : cases()) {
        const test::TemporaryFolder folder;
        test::write_idx_set(folder);
        BOOST_TEST(complaint(folder) == "no error");
        folder.write(broken.file, broken.content);
        BOOST_TEST(complaint(folder) == broken.message);
    }
}

BOOST_AUTO_TEST_CASE(a_gzip_file_is_known_by_its_bytes_not_by_its_name) {
    const test::TemporaryFolder folder;
    test::write_idx_set(folder);
    folder.write(test::train_images, gzip(idx_images(40, 2, 3)));
    BOOST_TEST(complaint(folder) == "no error");
}

BOOST_AUTO_TEST_CASE(a_lying_gzip_trailer_makes_nobody_allocate) {
    const test::TemporaryFolder folder;
    test::write_idx_set(folder);
    std::string packed = gzip(word(0x803) + word(2'000'000) + word(28) + word(28) + std::string(100'000, '\0'));
    const std::uint32_t promised = 16 + 2'000'000u * 784;
    for (std::size_t i = 0; i < 4; ++i) packed[packed.size() - 4 + i] = static_cast<char>(promised >> (8 * i));
    folder.write(test::train_images, packed);
    BOOST_TEST(complaint(folder) ==
               std::string(test::train_images) +
                   ": truncated, or something follows the gzip data: its header promises 1568000016 bytes, its last four bytes say 1568000016");
}

BOOST_AUTO_TEST_CASE(damage_behind_a_subset_does_not_matter_but_a_short_file_does) {
    const test::TemporaryFolder folder;
    test::write_idx_set(folder);
    std::string labels = idx_labels(40);
    labels[8 + 30] = 99;
    folder.write(test::train_labels, labels);
    BOOST_TEST(complaint(folder, {{"train", std::int64_t{30}}}) == "no error");
    BOOST_TEST(complaint(folder, {{"train", std::int64_t{31}}}) ==
               std::string(test::train_labels) + ": sample 30 has label 99; the classes are 0 to 9");
    folder.write(test::train_images, idx_images(40, 2, 3).substr(0, 250));
    BOOST_TEST(complaint(folder, {{"train", std::int64_t{1}}}) ==
               std::string(test::train_images) + ": truncated: 250 bytes, its header promises 256");
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_refused) {
    const std::pair<std::string, std::function<void(const fs::path&)>> cases[] = {
        {": is a folder, not a file", [](const fs::path& path) { fs::create_directory(path); }},
        {": cannot be read: Too many levels of symbolic links", [](const fs::path& path) { fs::create_symlink(path.filename(), path); }},
        {": cannot be read: No such file or directory", [](const fs::path& path) { fs::create_symlink("gone", path); }},
        {": is not a regular file", [](const fs::path& path) { BOOST_REQUIRE_EQUAL(::mkfifo(path.c_str(), 0600), 0); }},
    };
    for (const auto& [message, make] : cases) {
        const test::TemporaryFolder folder;
        test::write_idx_set(folder);
        fs::remove(folder.path() / test::train_images);
        make(folder.path() / test::train_images);
        BOOST_TEST(complaint(folder) == test::train_images + message);
    }
}

BOOST_AUTO_TEST_CASE(subsets_beyond_the_set_and_equal_pixels_are_refused) {
    const test::TemporaryFolder folder;
    test::write_idx_set(folder);
    BOOST_TEST(complaint(folder, {{"train", std::int64_t{41}}}) == "train = 41 is more than the 40 samples there are");
    BOOST_TEST(complaint(folder, {{"test", std::int64_t{21}}}) == "test = 21 is more than the 20 samples there are");
    BOOST_TEST(complaint(folder, {{"validation", 40.0}}) == "validation = 40 leaves none of the 40 training samples");
    folder.write(test::train_images, word(0x803) + word(40) + word(2) + word(3) + std::string(240, '\x05'));
    BOOST_TEST(complaint(folder, {{"scale", std::string("standardize")}}) == "scale = standardize: all pixels of the training part are equal");
}

BOOST_AUTO_TEST_SUITE_END()
