// Arrays that NumPy saved: their bytes are written here as numpy.lib.format defines them.
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "data/catalogue.hpp"
#include "data/loading.hpp"
#include "data/npy_file.hpp"
#include "data/packed.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace etude;
using etude::test::gathered;
namespace fs = std::filesystem;

std::string header(const std::string& dictionary, int major = 1) {
    std::string text = "\x93NUMPY";
    text += static_cast<char>(major);
    text += '\0';
    const std::size_t length = dictionary.size();
    for (int i = 0; i < (major == 1 ? 2 : 4); ++i) text += static_cast<char>(length >> (8 * i));
    return text + dictionary;
}

std::string dictionary(const std::string& descr, const std::string& shape, const std::string& order = "False") {
    return "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }   \n";
}

template <class T>
std::string bytes_of(const std::vector<T>& values) {
    std::string text(values.size() * sizeof(T), '\0');
    std::memcpy(text.data(), values.data(), text.size());
    return text;
}

Component npy(std::initializer_list<std::pair<std::string, Value>> given = {}) {
    Component data{"npy", defaults(find_dataset_kind("npy")->schema)};
    data.values.set("features", std::string("x.npy"));
    data.values.set("targets", std::string("y.npy"));
    data.values.set("shuffle", false);
    data.values.set("train", 2.0);
    for (const auto& [key, value] : given) data.values.set(key, value);
    return data;
}

const std::string features = header(dictionary("<f4", "(3, 2)")) + bytes_of<float>({1, 2, 3, 4, 5, 6});
const std::string labels = header(dictionary("<i8", "(3,)")) + bytes_of<std::int64_t>({0, 1, 2});

std::string complaint(const test::TemporaryFolder& folder, const std::string& x, const std::string& y, const Component& data = npy()) {
    folder.write("x.npy", x);
    folder.write("y.npy", y);
    return test::complaint_of(data, folder);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(npy_files)

BOOST_AUTO_TEST_CASE(every_type_is_read_in_both_formats) {
    const test::TemporaryFolder folder;
    const std::pair<const char*, std::string> types[] = {{"<f4", bytes_of<float>({1, 2, 3, 4, 5, 6})},
                                                         {"<f8", bytes_of<double>({1, 2, 3, 4, 5, 6})},
                                                         {"<i8", bytes_of<std::int64_t>({1, 2, 3, 4, 5, 6})},
                                                         {"|u1", bytes_of<std::uint8_t>({1, 2, 3, 4, 5, 6})}};
    for (const auto& [descr, content] : types)
        for (const int major : {1, 2}) {
            folder.write("x.npy", header(dictionary(descr, "(3, 2)"), major) + content);
            folder.write("y.npy", test::xz(labels));
            const auto set = load_dataset(npy({{"scale", std::string("none")}}), {{folder.path()}});
            BOOST_TEST((set->shape == SampleShape{2, 1, 1}));
            BOOST_TEST(set->classes == 3u);
            BOOST_TEST(gathered(set->train) == (std::vector<float>{1, 2, 3, 4}), boost::test_tools::per_element());
            BOOST_TEST(gathered(set->test) == (std::vector<float>{5, 6}), boost::test_tools::per_element());
            BOOST_TEST(set->test.label(0) == 2);
        }
}

BOOST_AUTO_TEST_CASE(pictures_of_bytes_stay_bytes_and_are_unit_unless_given) {
    const test::TemporaryFolder folder;
    std::vector<std::uint8_t> pixels(3 * 3 * 2 * 4);
    std::iota(pixels.begin(), pixels.end(), std::uint8_t{0});
    folder.write("x.npy", header(dictionary("|u1", "(3, 3, 2, 4)")) + bytes_of(pixels));
    folder.write("y.npy", labels);
    const auto set = load_dataset(npy({{"flip", true}, {"crop", std::int64_t{1}}}), {{folder.path()}});
    BOOST_TEST((set->shape == SampleShape{3, 2, 4}));
    BOOST_TEST(set->image);
    BOOST_TEST(set->train.bytes_ != nullptr);
    BOOST_TEST(set->train.augmentation_.flip);
    BOOST_TEST(!set->test.augmentation_.any());
    BOOST_TEST(gathered(set->test)[0] == 48 * (1.0f / 255.0f));
}

BOOST_AUTO_TEST_CASE(targets_of_a_regression_are_numbers) {
    const test::TemporaryFolder folder;
    folder.write("x.npy", features);
    folder.write("y.npy", header(dictionary("<f8", "(3, 1)")) + bytes_of<double>({-1.5, 2, 1e3}));
    const auto set = load_dataset(npy({{"task", std::string("regression")}, {"scale", std::string("standardize")}}), {{folder.path()}});
    BOOST_TEST(set->classes == 0u);
    BOOST_TEST(set->train.target(0) == -1.5f);
    BOOST_TEST(set->test.target(0) == 1000.0f);
    BOOST_TEST(gathered(set->train) == (std::vector<float>{-1, -1, 1, 1}), boost::test_tools::per_element());
    BOOST_TEST(gathered(set->test) == (std::vector<float>{3, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_kind_of_broken_array_has_its_own_message) {
    const test::TemporaryFolder folder;
    const std::string wrong = "x.npy: its header is not NumPy's: ", end = "x.npy: truncated: ";
    const auto floats = [](const std::string& dict) { return header(dict) + bytes_of<float>({1, 2, 3, 4, 5, 6}); };
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const std::pair<std::string, std::string> cases[] = {
        {features, "no error"},
        {"", end + "0 of 8 bytes of the header"},
        {"a,b\n1,2,3,4\n", "x.npy: not a file of NumPy: it does not begin with \\x93NUMPY"},
        {header(dictionary("<f4", "(3, 2)"), 3), "x.npy: NumPy's format 3.0; read are 1.0 and 2.0"},
        {features.substr(0, features.size() - 1),
         end + std::to_string(features.size() - 1) + " bytes, its header promises " + std::to_string(features.size())},
        {features + "x", "x.npy: " + std::to_string(features.size() + 1) + " bytes, its header promises only " + std::to_string(features.size())},
        {floats(dictionary(">f4", "(3, 2)")), "x.npy: numbers of type '>f4'; read are '<f4', '<f8', '|u1' and '<i8'"},
        {floats(dictionary("|O", "(3, 2)")), "x.npy: numbers of type '|O'; read are '<f4', '<f8', '|u1' and '<i8'"},
        {floats(dictionary("<f4", "(3, 2)", "True")), "x.npy: the array is in Fortran order"},
        {floats(dictionary("<f4", "(3, 2)", "Maybe")), wrong + "fortran_order is neither True nor False"},
        {floats("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,), }"), "x.npy: a structured array"},
        {floats(dictionary("<f4", "(3, a)")), wrong + "a length in shape is no number"},
        {floats(dictionary("<f4", "(3, 0)")), "x.npy: an array with a side of 0 is impossible here"},
        {floats(dictionary("<f4", "(3, 9999999999)")), "x.npy: an array with a side of 9999999999 is impossible here"},
        {header(dictionary("<f4", "()")) + bytes_of<float>({1}), "x.npy: a single number, not an array of samples"},
        {floats("{'descr': '<f4', 'shape': (3, 2)}"), wrong + "not one each of descr, fortran_order and shape"},
        {floats("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), 'more': 1}"), wrong + "the key 'more'"},
        {floats("'descr'"), wrong + "'{' is missing"},
        {floats(dictionary("<f4", "(3, 2)") + "x"), wrong + "text behind the dictionary"},
        {header(dictionary("<f4", "(3, 2)")) + bytes_of<float>({1, 2, 3, nan, 5, 6}), "x.npy: row 1, number 1 is nan, not a finite number"},
        {header(dictionary("<f4", "(1, 1, 1, 2, 3)")) + bytes_of<float>({1, 2, 3, 4, 5, 6}),
         "x.npy: an array of 5 dimensions; samples have 1 to 4: rows, channels, height, width"},
        {header(dictionary("<f4", "(2, 3)")) + bytes_of<float>({1, 2, 3, 4, 5, 6}), "y.npy: 3 targets for the 2 rows of x.npy"},
    };
    for (const auto& [content, message] : cases) BOOST_TEST(complaint(folder, content, labels) == message);
}

BOOST_AUTO_TEST_CASE(targets_that_are_no_classes_and_options_that_do_not_fit_are_refused) {
    const test::TemporaryFolder folder;
    const auto targets = [](const std::vector<double>& values) { return header(dictionary("<f8", "(3,)")) + bytes_of(values); };
    BOOST_TEST(complaint(folder, features, targets({0, -1, 2})) == "y.npy: target 1 is -1; classes are whole numbers from 0 to 999");
    BOOST_TEST(complaint(folder, features, targets({0, 1, 0.5})) == "y.npy: target 2 is 0.5; classes are whole numbers from 0 to 999");
    BOOST_TEST(complaint(folder, features, targets({0, 0, 0})) == "y.npy: all targets are 0: there is nothing to classify");
    BOOST_TEST(complaint(folder, features, targets({0, 1e300, 0}), npy({{"task", std::string("regression")}})) ==
               "y.npy: target 1 is 1e300, not a finite number");
    BOOST_TEST(complaint(folder, features, header(dictionary("<f8", "(1, 3)")) + bytes_of<double>({0, 1, 2})) ==
               "y.npy: targets are one number a row: an array of [rows] or [rows, 1]");
    BOOST_TEST(complaint(folder, features, labels, npy({{"scale", std::string("unit")}})) ==
               "scale = unit is for bytes; the features are other numbers");
    BOOST_TEST(complaint(folder, features, labels, npy({{"flip", true}})) == "flip and crop are for images of bytes; the features are not");
}

BOOST_AUTO_TEST_CASE(a_file_cut_at_any_byte_is_refused_and_a_changed_byte_makes_nobody_fall) {
    const test::TemporaryFolder folder;
    for (std::size_t length = 0; length < features.size(); ++length)
        BOOST_TEST(complaint(folder, features.substr(0, length), labels) != "no error", length);
    std::size_t refused = 0;
    for (std::size_t at = 0; at < features.size(); ++at)
        for (const int bit : {1, 0x20, 0x80}) {
            std::string changed = features;
            changed[at] = static_cast<char>(changed[at] ^ bit);
            refused += complaint(folder, changed, labels) != "no error";
        }
    BOOST_TEST(refused > 100u);
}

BOOST_AUTO_TEST_SUITE_END()
