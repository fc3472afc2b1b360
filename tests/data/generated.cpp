// The generated data sets against tables of scikit-learn and NumPy: every bit of every double.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "data/blobs.hpp"
#include "data/catalogue.hpp"
#include "data/circle.hpp"
#include "data/curves.hpp"
#include "data/loading.hpp"
#include "data/numpy_random.hpp"
#include "data/table.hpp"

namespace {

using namespace etude;
using etude::test::gathered;

/// How many cells of `points` differ from the table, after checking that the sizes agree.
std::size_t differences(const LabelledPoints& points, const std::string& name) {
    const auto rows = test::table(name);
    BOOST_REQUIRE_EQUAL(points.labels.size(), rows.size());
    const std::size_t features = rows.front().size() - 1;
    BOOST_REQUIRE_EQUAL(points.values.size(), rows.size() * features);
    std::size_t different = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        different += std::to_string(points.labels[i]) != rows[i][0];
        for (std::size_t j = 0; j < features; ++j) different += points.values[i * features + j] != test::exact(rows[i][j + 1]);
    }
    return different;
}

Component component(const std::string& name, std::initializer_list<std::pair<std::string, Value>> given) {
    Component data{name, defaults(find_dataset_kind(name)->schema)};
    for (const auto& [key, value] : given) data.values.set(key, value);
    return data;
}

std::string failure(const Component& data) {
    try {
        outline_dataset(data, {});
    } catch (const Error& e) {
        return e.what();
    }
    return "no error";
}

std::int64_t whole(std::int64_t value) { return value; }

}  // namespace

BOOST_AUTO_TEST_SUITE(numpy_random)

BOOST_AUTO_TEST_CASE(words_uniforms_normals_and_a_shuffle_are_numpys) {
    NumpyRandom random(42);
    std::vector<std::uint32_t> order(100);
    std::iota(order.begin(), order.end(), 0u);
    bool shuffled = false;
    std::size_t at = 0, rows = 0;
    for (const auto& row : test::table("numpy_random_42.csv")) {
        if (row[0] == "shuffled" && !shuffled) random.shuffle(order), shuffled = true;
        const double made = row[0] == "bits"      ? random.bits()
                            : row[0] == "uniform" ? random.uniform()
                            : row[0] == "normal"  ? random.normal()
                                                  : order[at++];
        BOOST_TEST(made == test::exact(row[1]), row[0] << " in row " << rows);
        ++rows;
    }
    BOOST_TEST(rows == 1601u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(blobs)

BOOST_AUTO_TEST_CASE(the_doubles_are_those_of_make_blobs) {
    const std::pair<BlobSettings, std::string> cases[] = {
        {{1000, 3, 2, 2, -10, 10, 2}, "blobs_1000_3_2_2_-10_10_2.csv"},
        {{101, 4, 5, 0.5, -10, 10, 0}, "blobs_101_4_5_0.5_-10_10_0.csv"},
        {{50, 7, 3, 1, -2, 3, 4294967295u}, "blobs_50_7_3_1_-2_3_4294967295.csv"},
        {{10, 10, 1, 1.5, -10, 10, 12345}, "blobs_10_10_1_1.5_-10_10_12345.csv"},
        {{97, 2, 2, 0, -10, 10, 1}, "blobs_97_2_2_0_-10_10_1.csv"},
    };
    for (const auto& [settings, name] : cases) BOOST_TEST(differences(make_blobs(settings), name) == 0u, name);
}

BOOST_AUTO_TEST_CASE(the_loaded_floats_are_the_rounded_doubles_in_their_order) {
    const auto set = load_dataset(
        component("blobs", {{"samples", whole(1000)}, {"cluster_std", 2.0}, {"random_state", whole(2)}, {"train", whole(500)}, {"validation", 0.2}}),
        {});
    BOOST_TEST(set->train.count() == 400u);
    BOOST_TEST(set->validation.count() == 100u);
    BOOST_TEST(set->test.count() == 500u);
    const auto rows = test::table("blobs_1000_3_2_2_-10_10_2.csv");
    std::size_t row = 0, different = 0;
    for (const Part* part : {&set->train, &set->validation, &set->test}) {
        const std::vector<float> values = gathered(*part);
        for (std::size_t i = 0; i < part->count(); ++i, ++row) {
            different += std::to_string(part->label(i)) != rows[row][0];
            for (std::size_t j = 0; j < 2; ++j) different += values[2 * i + j] != static_cast<float>(test::exact(rows[row][j + 1]));
        }
    }
    BOOST_TEST(row == 1000u);
    BOOST_TEST(different == 0u);
}

BOOST_AUTO_TEST_CASE(the_outline_says_what_loading_gives) {
    const Component data = component("blobs", {{"samples", whole(101)}, {"centers", whole(4)}, {"features", whole(5)}, {"validation", 7.0}});
    const DatasetOutline outline = outline_dataset(data, {});
    const auto set = load_dataset(data, {});
    BOOST_TEST((outline.shape == set->shape));
    BOOST_TEST(set->shape.channels == 5u);
    BOOST_TEST(outline.classes == set->classes);
    BOOST_TEST(outline.train == set->train.count());
    BOOST_TEST(outline.validation == set->validation.count());
    BOOST_TEST(outline.test == set->test.count());
    BOOST_TEST(outline.train + outline.validation + outline.test == 101u);
    BOOST_TEST(dataset_files(data, {}).empty());
}

BOOST_AUTO_TEST_CASE(values_that_do_not_go_together_are_refused_with_their_numbers) {
    const std::tuple<Component, std::string> cases[] = {
        {component("blobs", {{"samples", whole(100)}, {"train", whole(101)}}), "train = 101 is more than the 100 samples"},
        {component("blobs", {{"validation", 1.5}}), "validation = 1.5 is neither a share below 1 nor a whole count"},
        {component("blobs", {{"train", whole(10)}, {"validation", 10.0}}), "validation = 10 leaves none of the 10 training samples"},
        {component("blobs", {{"train", whole(4)}, {"validation", 0.9}}), "validation = 0.9 leaves none of the 4 training samples"},
        {component("blobs", {{"center_box", std::vector<double>{1, 2, 3}}}), "center_box = [1, 2, 3] is not [low, high]"},
        {component("blobs", {{"center_box", std::vector<double>{3, -3}}}), "center_box = [3, -3] is not [low, high]"},
        {component("blobs", {{"samples", whole(10'000'000)}, {"features", whole(10'000)}}),
         "samples = 10000000 of 10000 features are more than 268435456 numbers"},
        {component("blobs", {{"samples", whole(3)}, {"centers", whole(5)}}), "centers = 5 is more than the 3 samples"},
        {component("circle", {{"validation", 100.0}}), "validation = 100 leaves none of the 100 training samples"},
    };
    for (const auto& [data, message] : cases) BOOST_TEST(failure(data) == message);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(circle)

BOOST_AUTO_TEST_CASE(the_doubles_are_numpys) {
    BOOST_TEST(differences(make_circle(100, 0), "circle_100_0.csv") == 0u);
    BOOST_TEST(differences(make_circle(33, 7), "circle_33_7.csv") == 0u);
}

BOOST_AUTO_TEST_CASE(more_test_samples_do_not_move_the_training_part) {
    const auto few = load_dataset(component("circle", {{"test", whole(1)}}), {}),
               many = load_dataset(component("circle", {{"test", whole(1000)}}), {});
    BOOST_TEST(gathered(few->train) == gathered(many->train));
    BOOST_TEST(many->test.count() == 1000u);
    BOOST_TEST(many->classes == 2u);
    BOOST_TEST(many->test.target(0) == static_cast<float>(many->test.label(0)));
}

BOOST_AUTO_TEST_CASE(validation_keeps_the_last_training_samples_back) {
    const auto whole_set = load_dataset(component("circle", {}), {}), held = load_dataset(component("circle", {{"validation", 0.2}}), {});
    const std::vector<float> all = gathered(whole_set->train), kept = gathered(held->train), back = gathered(held->validation);
    BOOST_TEST(kept == std::vector<float>(all.begin(), all.begin() + 160));
    BOOST_TEST(back == std::vector<float>(all.begin() + 160, all.end()));
    for (std::size_t i = 0; i < 20; ++i) BOOST_TEST(held->validation.label(i) == whole_set->train.label(80 + i));
    BOOST_TEST(gathered(held->test) == gathered(whole_set->test));
}

/// NumPy has sin and cos of its own, by vectors, which may differ from the C library's in the last bit; what is trained on are floats.
BOOST_AUTO_TEST_CASE(moons_are_scikit_learns_to_the_last_bit_of_sin_and_cos) {
    const struct {
        std::size_t samples;
        double noise;
        std::uint32_t state;
        std::string name;
    } cases[] = {{100, 0.0, 0, "moons_100_0_0.csv"}, {101, 0.1, 3, "moons_101_0.1_3.csv"}, {2, 0.5, 1, "moons_2_0.5_1.csv"}};
    for (const auto& [samples, noise, state, name] : cases) {
        const LabelledPoints points = make_moons(samples, noise, state);
        const auto rows = test::table(name);
        BOOST_REQUIRE_EQUAL(rows.size(), samples);
        for (std::size_t i = 0; i < samples; ++i) {
            BOOST_TEST(std::to_string(points.labels[i]) == rows[i][0], name << " row " << i);
            for (std::size_t j = 0; j < 2; ++j)
                BOOST_TEST(std::abs(points.values[2 * i + j] - test::exact(rows[i][j + 1])) <= 4.5e-16, name << " row " << i);
        }
    }
}

BOOST_AUTO_TEST_CASE(spirals_have_even_arms_that_are_turns_of_one_another) {
    const LabelledPoints points = make_spirals({.samples = 301, .arms = 3, .turns = 2, .noise = 0, .random_state = 5});
    std::vector<std::size_t> of_arm(3);
    for (std::size_t i = 0; i < 301; ++i) {
        const double x = points.values[2 * i], y = points.values[2 * i + 1], radius = std::hypot(x, y);
        ++of_arm[static_cast<std::size_t>(points.labels[i])];
        BOOST_TEST(radius < 1);
        // Turned back by its arm and its radius, every point lies on the positive x axis.
        const double angle = std::remainder(std::atan2(y, x) - 2 * M_PI * (2 * radius + points.labels[i] / 3.0), 2 * M_PI);
        BOOST_TEST(std::abs(angle * radius) < 1e-9);
    }
    BOOST_TEST(of_arm == (std::vector<std::size_t>{101, 100, 100}), boost::test_tools::per_element());
    BOOST_TEST((make_spirals({.random_state = 1}).values != make_spirals({.random_state = 2}).values));
    BOOST_TEST((make_spirals({.random_state = 1}).values == make_spirals({.random_state = 1}).values));
}

BOOST_AUTO_TEST_CASE(generated_sets_can_be_standardised_from_their_training_part) {
    for (const char* name : {"blobs", "circle", "moons", "spirals"}) {
        const auto set = load_dataset(component(name, {{"scale", std::string("standardize")}, {"validation", 5.0}}), {});
        const std::vector<float> train = gathered(set->train);
        for (std::size_t j = 0; j < 2; ++j) {
            double sum = 0, squares = 0;
            for (std::size_t i = 0; i < set->train.count(); ++i) sum += train[2 * i + j], squares += double{train[2 * i + j]} * train[2 * i + j];
            BOOST_TEST(std::abs(sum / static_cast<double>(set->train.count())) < 1e-6, name);
            BOOST_TEST(std::abs(squares / static_cast<double>(set->train.count()) - 1) < 1e-6, name);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
