// fashion_mnist and mnist from IDX files that are whole.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "base/error.hpp"
#include "data/catalogue.hpp"
#include "data/idx_files.hpp"
#include "data/loading.hpp"

namespace {

using namespace etude;
using etude::test::gathered;
namespace fs = std::filesystem;

Component component(const std::string& name, std::initializer_list<std::pair<std::string, Value>> given = {}) {
    Component data{name, defaults(find_dataset_kind(name)->schema)};
    for (const auto& [key, value] : given) data.values.set(key, value);
    return data;
}

std::int64_t whole(std::int64_t value) { return value; }

/// Message and hint of what `run` throws, a line each.
template <class F>
std::string failure(F&& run) {
    try {
        run();
    } catch (const Error& e) {
        return e.what() + std::string("\n") + e.hint();
    }
    return "no error";
}

/// A variable of the environment, as it was again at the end.
class Variable {
  public:
    Variable(const char* name, const char* value) : name_(name) {
        if (const char* before = std::getenv(name)) before_ = before;
        ::setenv(name, value, 1);
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;
    ~Variable() {
        if (before_) ::setenv(name_, before_->c_str(), 1);
        else ::unsetenv(name_);
    }

  private:
    const char* name_;
    std::optional<std::string> before_;
};

struct Fixture {
    test::TemporaryFolder folder;
    DataPaths paths{{folder.path()}};
    std::string at(const std::string& name) const { return (folder.path() / name).string(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(idx, Fixture)

BOOST_AUTO_TEST_CASE(plain_files_and_gzip_give_the_same_samples) {
    test::write_idx_set(folder, "plain/");
    for (const char* name : {test::train_images, test::train_labels, test::test_images, test::test_labels})
        folder.write("packed/" + std::string(name) + ".gz", test::gzip(read_file(folder.path() / "plain" / name)));
    const auto plain = load_dataset(component("mnist"), {{folder.path() / "plain"}}),
               packed = load_dataset(component("mnist"), {{folder.path() / "packed"}});
    BOOST_TEST(plain->train.count() == 40u);
    BOOST_TEST(plain->test.count() == 20u);
    BOOST_TEST((plain->shape == SampleShape{1, 2, 3}));
    BOOST_TEST(plain->image);
    BOOST_TEST(plain->classes == 10u);
    BOOST_TEST(gathered(plain->train) == gathered(packed->train));
    BOOST_TEST(gathered(plain->test) == gathered(packed->test));
    for (std::size_t i = 0; i < 40; ++i) BOOST_TEST(packed->train.label(i) == static_cast<int>(i % 10));
}

BOOST_AUTO_TEST_CASE(unit_scale_is_bytes_over_255) {
    folder.write(test::train_images, test::idx_images(1, 16, 16));  // every byte once
    folder.write(test::train_labels, test::idx_labels(1));
    folder.write(test::test_images, test::idx_images(1, 16, 16));
    folder.write(test::test_labels, test::idx_labels(1));
    const std::vector<float> unit = gathered(load_dataset(component("mnist"), paths)->train);
    for (int byte = 0; byte < 256; ++byte)
        BOOST_TEST(std::abs(unit[static_cast<std::size_t>(byte)] - static_cast<float>(byte) / 255.0f) <= 6e-8f, byte);
    BOOST_TEST(unit.front() == 0.0f);
    BOOST_TEST(unit.back() == 1.0f);
    const std::vector<float> bytes = gathered(load_dataset(component("mnist", {{"scale", std::string("none")}}), paths)->train);
    for (int byte = 0; byte < 256; ++byte) BOOST_TEST(bytes[static_cast<std::size_t>(byte)] == static_cast<float>(byte));
}

BOOST_AUTO_TEST_CASE(standardize_takes_mean_and_deviation_from_the_training_part_alone) {
    test::write_idx_set(folder);
    const auto set = load_dataset(component("mnist", {{"scale", std::string("standardize")}, {"train", whole(30)}, {"validation", 10.0}}), paths);
    const std::vector<float> train = gathered(set->train);
    BOOST_TEST(train.size() == 120u);
    double sum = 0, squares = 0;
    for (const float x : train) sum += x, squares += double{x} * x;
    BOOST_TEST(std::abs(sum / 120) < 1e-6);
    BOOST_TEST(std::abs(squares / 120 - 1) < 1e-6);
    // The bytes 0..119 have mean 59.5 and variance (120^2 - 1) / 12; the first test byte is 7, the first validation byte 120.
    const double deviation = std::sqrt((120.0 * 120.0 - 1) / 12);
    BOOST_TEST(std::abs(gathered(set->test)[0] - (7 - 59.5) / deviation) < 1e-6);
    BOOST_TEST(std::abs(gathered(set->validation)[0] - (120 - 59.5) / deviation) < 1e-6);
}

BOOST_AUTO_TEST_CASE(subsets_are_the_first_samples_and_validation_the_last_of_them) {
    test::write_idx_set(folder);
    const Component data = component("mnist", {{"train", whole(25)}, {"test", whole(3)}, {"validation", 0.2}, {"scale", std::string("none")}});
    const DatasetOutline outline = outline_dataset(data, paths);
    const auto set = load_dataset(data, paths);
    BOOST_TEST(outline.train == 20u);
    BOOST_TEST(outline.validation == 5u);
    BOOST_TEST(outline.test == 3u);
    BOOST_TEST((outline.shape == set->shape));
    BOOST_TEST(set->train.count() == 20u);
    BOOST_TEST(set->validation.count() == 5u);
    BOOST_TEST(set->test.count() == 3u);
    BOOST_TEST(gathered(set->validation)[0] == 120.0f);  // sample 20 of 6 bytes each
    BOOST_TEST(set->validation.label(4) == 4);           // sample 24
}

BOOST_AUTO_TEST_CASE(gathering_follows_the_rows_and_leaves_the_padding_alone) {
    test::write_idx_set(folder);
    const auto set = load_dataset(component("mnist", {{"scale", std::string("none")}}), paths);
    const std::uint32_t rows[] = {39, 0, 7};
    std::vector<float> batch(3 * 8, -1.0f);
    set->train.gather(rows, batch.data(), 8);
    const std::vector<float> expected = {234, 235, 236, 237, 238, 239, -1, -1, 0, 1, 2, 3, 4, 5, -1, -1, 42, 43, 44, 45, 46, 47, -1, -1};
    BOOST_TEST(batch == expected);
}

BOOST_AUTO_TEST_CASE(the_subfolder_of_the_data_sets_name_wins_over_the_folder) {
    test::write_idx_set(folder);
    for (const char* name : {test::train_images, test::train_labels, test::test_images, test::test_labels})
        folder.write("fashion-mnist/" + std::string(name), read_file(folder.path() / name));
    const std::vector<fs::path> files = dataset_files(component("fashion_mnist"), paths);
    BOOST_REQUIRE_EQUAL(files.size(), 4u);
    BOOST_TEST(files[0].string() == at("fashion-mnist/train-images-idx3-ubyte"));
    BOOST_TEST(files[3].string() == at("fashion-mnist/t10k-labels-idx1-ubyte"));
    BOOST_TEST(dataset_files(component("mnist"), paths)[0].string() == at("train-images-idx3-ubyte"));
}

BOOST_AUTO_TEST_CASE(a_folder_named_after_the_other_data_set_is_not_taken_for_this_one) {
    test::write_idx_set(folder, "fashion-mnist/");
    const std::string place = at("fashion-mnist");
    BOOST_TEST(failure([&] { dataset_files(component("mnist"), {{place}}); }) ==
               "data set 'mnist': train-images-idx3-ubyte is not there; looked in " + place +
                   "\nname the folder that has the four IDX files, plain or gzip, with --data or ETUDE_DATA");
    BOOST_TEST(dataset_files(component("fashion_mnist"), {{place + "/"}}).size() == 4u);
}

BOOST_AUTO_TEST_CASE(a_missing_data_set_says_where_it_was_looked_for_and_what_brings_it) {
    BOOST_TEST(failure([&] {
                   outline_dataset(component("fashion_mnist"), {{"/nowhere", folder.path()}});
               }) ==
               "data set 'fashion_mnist': train-images-idx3-ubyte is not there; looked in /nowhere, " + folder.path().string() +
                   "\n`apt-get install dataset-fashion-mnist` brings it; or name the folder that has the four IDX files with --data or ETUDE_DATA");
}

BOOST_AUTO_TEST_CASE(copies_in_two_folders_are_not_mixed) {
    test::write_idx_set(folder, "one/");
    test::write_idx_set(folder, "two/");
    fs::remove(folder.path() / "one" / test::train_labels);
    BOOST_TEST(failure([&] {
                   outline_dataset(component("mnist"), {{at("one"), at("two")}});
               }) == "data set 'mnist': train-labels-idx1-ubyte is not in " + at("one") +
                         "\nname the folder that has the four IDX files, plain or gzip, with --data or ETUDE_DATA");
}

BOOST_AUTO_TEST_CASE(folders_are_those_given_then_the_variables_then_the_distributions) {
    const Variable data("ETUDE_DATA", "/a::/b"), own("XDG_DATA_HOME", "/own");
    const DataPaths standard = DataPaths::standard({folder.path()});
    BOOST_TEST(
        (standard.folders == std::vector<fs::path>{folder.path(), "/a", "/b", "/own/etude", "/usr/local/share/datasets", "/usr/share/datasets"}));
    BOOST_TEST(failure([&] { DataPaths::standard({"/nowhere"}); }) == "--data /nowhere: there is no such folder\n");
}

BOOST_AUTO_TEST_CASE(the_catalogue_is_alphabetical_and_knows_no_other_names) {
    std::vector<std::string> names;
    for (const Kind& kind : dataset_kinds()) {
        names.push_back(kind.name);
        BOOST_TEST(find_dataset_kind(kind.name)->name == kind.name);
        BOOST_TEST(find_parameter(kind.schema, "validation") != nullptr);
    }
    BOOST_TEST(names == (std::vector<std::string>{"blobs", "cifar10", "circle", "csv", "fashion_mnist", "mnist", "moons", "npy", "spirals"}),
               boost::test_tools::per_element());
    for (const char* name : {"", "blob", "csv10"}) BOOST_TEST((find_dataset_kind(name) == nullptr), name);
}

BOOST_AUTO_TEST_CASE(the_distributions_fashion_mnist_has_70000_pictures_of_ten_even_classes) {
    const auto set = load_dataset(component("fashion_mnist"), DataPaths::standard());
    BOOST_TEST((set->shape == SampleShape{1, 28, 28}));
    BOOST_TEST(set->train.count() == 60000u);
    BOOST_TEST(set->test.count() == 10000u);
    BOOST_REQUIRE_EQUAL(set->class_names.size(), 10u);
    BOOST_TEST(set->class_names[9] == "Ankle boot");
    BOOST_TEST(set->train.label(0) == 9);
    for (const Part* part : {&set->train, &set->test}) {
        std::vector<std::size_t> of_class(10);
        for (std::size_t i = 0; i < part->count(); ++i) ++of_class[static_cast<std::size_t>(part->label(i))];
        BOOST_TEST(of_class == std::vector<std::size_t>(10, part->count() / 10), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_SUITE_END()
