// The batches of CIFAR-10: whole, truncated at every byte, mislabelled, missing.
#include "data/cifar.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fstream>

#include "base/error.hpp"
#include "data/catalogue.hpp"
#include "data/idx_files.hpp"
#include "data/loading.hpp"
#include "data/packed.hpp"

namespace {

using namespace etude;
using etude::test::gathered;
using test::gzip, test::xz;
namespace fs = std::filesystem;

const std::vector<std::string> batch_names = {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
                                              "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"};

/// Records whose label is (first + i) % 10; the planes of image i are filled with 10 i, 10 i + 1, 10 i + 2, but for the first pixel of a row: its
/// row.
std::string records(std::size_t count, std::size_t first = 0) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += static_cast<char>((first + i) % 10);
        for (std::size_t c = 0; c < 3; ++c)
            for (std::size_t y = 0; y < 32; ++y) text += static_cast<char>(y) + std::string(31, static_cast<char>(10 * i + c));
    }
    return text;
}

/// A batch of the size there must be: some records, then black airplanes that take no room on the disk.
void write_batch(const fs::path& file, const std::string& content) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    fs::resize_file(file, cifar_batch * cifar_record);
}

void write_set(const fs::path& folder) {
    for (std::size_t i = 0; i < batch_names.size(); ++i) write_batch(folder / batch_names[i], records(20, i));
}

template <class F>
std::string failure(const fs::path& folder, F&& run) {
    std::string text = "no error";
    try {
        run();
    } catch (const Error& e) {
        text = e.what();
    }
    const std::string prefix = folder.string() + "/";
    for (std::size_t found = text.find(prefix); found != std::string::npos; found = text.find(prefix)) text.erase(found, prefix.size());
    return text;
}

Component cifar10(std::initializer_list<std::pair<std::string, Value>> given = {}) {
    Component data{"cifar10", defaults(find_dataset_kind("cifar10")->schema)};
    for (const auto& [key, value] : given) data.values.set(key, value);
    return data;
}

std::int64_t whole(std::int64_t value) { return value; }

/// What reading three records from a file with this content says.
std::string complaint(const test::TemporaryFolder& folder, const std::string& content) {
    const fs::path file = folder.write("batch.bin", content);
    std::vector<std::uint8_t> bytes(3 * cifar_pixels);
    std::vector<std::int32_t> labels(3);
    return failure(folder.path(), [&] { read_cifar_batch(file, bytes.data(), labels, 3); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cifar)

BOOST_AUTO_TEST_CASE(a_record_is_a_label_and_three_planes) {
    const test::TemporaryFolder folder;
    write_set(folder.path());
    const auto set = load_dataset(cifar10({{"train", whole(12)}, {"test", whole(5)}, {"scale", std::string("none")}}), {{folder.path()}});
    BOOST_TEST((set->shape == SampleShape{3, 32, 32}));
    BOOST_TEST(set->image);
    BOOST_TEST(set->classes == 10u);
    BOOST_REQUIRE_EQUAL(set->class_names.size(), 10u);
    BOOST_TEST(set->class_names[9] == "truck");
    BOOST_TEST(set->train.count() == 12u);
    BOOST_TEST(set->test.count() == 5u);
    const std::vector<float> values = gathered(set->train);
    for (std::size_t i = 0; i < 12; ++i) {
        BOOST_TEST(set->train.label(i) == static_cast<int>(i % 10));
        for (std::size_t c = 0; c < 3; ++c) {
            BOOST_TEST(values[((i * 3 + c) * 32 + 7) * 32] == 7.0f);
            BOOST_TEST(values[((i * 3 + c) * 32 + 7) * 32 + 1] == static_cast<float>(10 * i + c));
        }
    }
    BOOST_TEST(set->test.label(0) == 5);
}

BOOST_AUTO_TEST_CASE(batches_follow_one_another_in_the_order_of_their_numbers) {
    const test::TemporaryFolder folder;
    write_set(folder.path() / "cifar-10-batches-bin");
    const auto set = load_dataset(cifar10({{"test", whole(0)}}), {{folder.path()}});
    BOOST_TEST(set->train.count() == 50000u);
    BOOST_TEST(set->test.count() == 0u);
    for (std::size_t batch = 0; batch < 5; ++batch) BOOST_TEST(set->train.label(batch * 10000 + 3) == static_cast<int>(batch + 3));
}

BOOST_AUTO_TEST_CASE(plain_gzip_and_xz_give_the_same_samples) {
    const test::TemporaryFolder folder;
    const std::string content = records(3);
    std::vector<std::vector<std::uint8_t>> read;
    for (const std::string& packed : {content, gzip(content), xz(content), xz(content.substr(0, 5000)) + xz(content.substr(5000))}) {
        const fs::path file = folder.write("batch.bin", packed);
        check_cifar_batch(file, 3);
        std::vector<std::uint8_t> bytes(3 * cifar_pixels);
        std::vector<std::int32_t> labels(3);
        read_cifar_batch(file, bytes.data(), labels, 3);
        BOOST_TEST(labels == (std::vector<std::int32_t>{0, 1, 2}), boost::test_tools::per_element());
        read.push_back(bytes);
    }
    BOOST_TEST(read[0][cifar_pixels + 1] == 10);
    for (const auto& bytes : read) BOOST_TEST((bytes == read.front()));
}

BOOST_AUTO_TEST_CASE(standardize_is_per_channel_over_the_training_part) {
    const test::TemporaryFolder folder;
    write_set(folder.path());
    const auto set = load_dataset(
        cifar10({{"train", whole(20)}, {"test", whole(2)}, {"validation", 5.0}, {"scale", std::string("standardize")}}), {{folder.path()}});
    const std::vector<float> train = gathered(set->train);
    BOOST_TEST(set->train.count() == 15u);
    for (std::size_t c = 0; c < 3; ++c) {
        double sum = 0, squares = 0;
        for (std::size_t i = 0; i < 15; ++i)
            for (std::size_t p = 0; p < 1024; ++p) {
                const double value = train[(i * 3 + c) * 1024 + p];
                sum += value, squares += value * value;
            }
        BOOST_TEST(std::abs(sum / (15 * 1024)) < 1e-6);
        BOOST_TEST(std::abs(squares / (15 * 1024) - 1) < 1e-5);
    }
}

BOOST_AUTO_TEST_CASE(each_kind_of_damage_has_its_own_message) {
    const test::TemporaryFolder folder;
    const std::string content = records(3), packed = gzip(content), tight = xz(content);
    std::string mislabelled = content, flipped = tight;
    mislabelled[2 * 3073] = static_cast<char>(200);
    flipped[tight.size() / 2] = static_cast<char>(flipped[tight.size() / 2] ^ 1);
    const std::string promise = "3 records of 3073 bytes have";
    const std::pair<std::string, std::string> cases[] = {
        {content, "no error"},
        {"", "truncated: 0 bytes, " + promise + " 9219"},
        {content.substr(0, 9218), "truncated: 9218 bytes, " + promise + " 9219"},
        {content.substr(0, 2 * 3073), "truncated: 6146 bytes, " + promise + " 9219"},
        {content + "x", "9220 bytes, " + promise + " only 9219"},
        {records(4), "12292 bytes, " + promise + " only 9219"},
        {mislabelled, "record 2 has label 200; the classes are 0 to 9"},
        {gzip(mislabelled), "record 2 has label 200; the classes are 0 to 9"},
        {xz(mislabelled), "record 2 has label 200; the classes are 0 to 9"},
        {gzip(records(2)), "truncated, or something follows the gzip data: " + promise + " 9219 bytes, its last four bytes say 6146"},
        {xz(records(2)), "truncated: 6146 bytes, " + promise + " 9219"},
        {xz(records(4)), "12292 bytes, " + promise + " only 9219"},
        {tight.substr(0, tight.size() - 1), "truncated or damaged: there is no xz index at its end"},
        {tight.substr(0, tight.size() / 2), "truncated or damaged: there is no xz index at its end"},
        {tight + "garbage!", "truncated or damaged: there is no xz index at its end"},
        {flipped, "damaged: corrupt xz data"},
    };
    for (const auto& [file, message] : cases) BOOST_TEST(complaint(folder, file) == (message == "no error" ? message : "batch.bin: " + message));
}

BOOST_AUTO_TEST_CASE(a_file_cut_at_any_byte_is_refused) {
    const test::TemporaryFolder folder;
    const std::string content = records(3);
    for (const std::string& whole_file : {gzip(content), xz(content)})
        for (std::size_t length = 0; length < whole_file.size(); ++length)
            BOOST_TEST(complaint(folder, whole_file.substr(0, length)) != "no error", length);
    for (std::size_t length = 0; length < content.size(); length += 97)
        BOOST_TEST(complaint(folder, content.substr(0, length)) != "no error", length);
}

BOOST_AUTO_TEST_CASE(a_changed_byte_of_a_packed_file_is_refused_or_changes_nothing) {
    const test::TemporaryFolder folder;
    const std::string content = records(3);
    for (const std::string& whole_file : {gzip(content), xz(content)})
        for (std::size_t at = 0; at < whole_file.size(); ++at) {
            std::string changed = whole_file;
            changed[at] = static_cast<char>(changed[at] ^ 0x10);
            const fs::path file = folder.write("batch.bin", changed);
            std::vector<std::uint8_t> bytes(3 * cifar_pixels);
            std::vector<std::int32_t> labels(3);
            if (failure(folder.path(), [&] { read_cifar_batch(file, bytes.data(), labels, 3); }) != "no error") continue;
            BOOST_TEST((labels == std::vector<std::int32_t>{0, 1, 2}), at);
            BOOST_TEST(bytes[cifar_pixels + 1] == 10, at);
        }
}

BOOST_AUTO_TEST_CASE(a_missing_batch_is_named_and_the_hint_says_what_brings_it) {
    const std::string hint =
        "`scripts/get-data cifar10` brings it; or name the folder that has the six batches, plain, gzip or xz, with --data or ETUDE_DATA";
    const test::TemporaryFolder folder;
    const auto message = [&] {
        try {
            outline_dataset(cifar10(), {{folder.path()}});
        } catch (const Error& e) {
            return e.what() + std::string("\n") + e.hint();
        }
        return std::string("no error");
    };
    BOOST_TEST(message() == "data set 'cifar10': data_batch_1.bin is not there; looked in " + folder.path().string() + "\n" + hint);
    write_set(folder.path());
    BOOST_TEST(message() == "no error");
    fs::remove(folder.path() / "data_batch_4.bin");
    BOOST_TEST(message() == "data set 'cifar10': data_batch_4.bin is not in " + folder.path().string() + "\n" + hint);
}

BOOST_AUTO_TEST_CASE(all_batches_are_measured_before_anything_is_read) {
    const test::TemporaryFolder folder;
    write_set(folder.path());
    fs::resize_file(folder.path() / "test_batch.bin", 5000 * 3073);
    BOOST_TEST(failure(folder.path(), [&] { outline_dataset(cifar10({{"train", whole(1)}, {"test", whole(0)}}), {{folder.path()}}); }) ==
               "test_batch.bin: truncated: 15365000 bytes, 10000 records of 3073 bytes have 30730000");
    write_set(folder.path());
    BOOST_TEST(failure(folder.path(), [&] { outline_dataset(cifar10({{"train", whole(50001)}}), {{folder.path()}}); }) ==
               "train = 50001 is more than the 50000 samples there are");
}

BOOST_AUTO_TEST_SUITE_END()
