// The data sets that are made, not read: blobs, circle, moons and spirals.
#include "base/error.hpp"
#include "base/text.hpp"
#include "data/blobs.hpp"
#include "data/circle.hpp"
#include "data/curves.hpp"
#include "data/table_set.hpp"
#include "data/type.hpp"

namespace etude {
namespace {

constexpr double largest_count = 1e7;                          // samples
constexpr std::size_t largest_numbers = std::size_t{1} << 28;  // in all: a gigabyte of floats
constexpr double largest_seed = 4294967295.0;

std::size_t count(const Values& values, std::string_view name) { return static_cast<std::size_t>(values.integer(name)); }

std::vector<std::filesystem::path> no_files(const Component&, const DataPaths&) { return {}; }

/// The keys of all sets that are made whole and then parted.
Parameter train_key() {
    return optional(integer("train", 0, closed(1, largest_count),
                            "The first samples, for training; the rest is the test set; half of them unless given."));
}

Parameter random_state_key() { return integer("random_state", 0, closed(0, largest_seed), "Seed of the data, not of the trial."); }

/// Left out unless given, so that what was trained before there was this key keeps its id.
Parameter point_scale_key() { return optional(column_scale_key()); }

std::uint32_t random_state(const Values& values) { return static_cast<std::uint32_t>(values.integer("random_state")); }

DatasetOutline outline_parted(const Values& values, std::size_t features, std::size_t classes, std::size_t samples) {
    const std::size_t train = values.has("train") ? count(values, "train") : (samples + 1) / 2;
    if (train > samples) throw Error("train = " + std::to_string(train) + " is more than the " + std::to_string(samples) + " samples");
    const std::size_t held = validation_count(values.real("validation"), train);
    return {.shape = {.channels = features}, .classes = classes, .train = train - held, .validation = held, .test = samples - train};
}

/// Every class has a sample.
void expect_samples(const Values& values, std::string_view classes) {
    const std::size_t samples = count(values, "samples"), needed = count(values, classes);
    if (needed > samples)
        throw Error(std::string(classes) + " = " + std::to_string(needed) + " is more than the " + std::to_string(samples) + " samples");
}

std::shared_ptr<const Dataset> parted(const Component& data, const LabelledPoints& points, const DatasetOutline& outline) {
    return dataset_of_points(data.name, points, outline, column_scale(data.values));
}

BlobSettings blob_settings(const Values& values) {
    const auto& box = std::get<std::vector<double>>(*values.find("center_box"));
    if (box.size() != 2 || !(box[0] <= box[1])) throw Error("center_box = " + value_text(*values.find("center_box")) + " is not [low, high]");
    return {.samples = count(values, "samples"),
            .centers = count(values, "centers"),
            .features = count(values, "features"),
            .cluster_std = values.real("cluster_std"),
            .box_min = box[0],
            .box_max = box[1],
            .random_state = random_state(values)};
}

DatasetOutline outline_blobs(const Component& data, const DataPaths&) {
    const BlobSettings settings = blob_settings(data.values);
    if (settings.samples > largest_numbers / settings.features)
        throw Error("samples = " + std::to_string(settings.samples) + " of " + std::to_string(settings.features) + " features are more than " +
                    std::to_string(largest_numbers) + " numbers");
    expect_samples(data.values, "centers");
    return outline_parted(data.values, settings.features, settings.centers, settings.samples);
}

std::shared_ptr<const Dataset> load_blobs(const Component& data, const DataPaths& paths) {
    return parted(data, make_blobs(blob_settings(data.values)), outline_blobs(data, paths));
}

DatasetOutline outline_moons(const Component& data, const DataPaths&) { return outline_parted(data.values, 2, 2, count(data.values, "samples")); }

std::shared_ptr<const Dataset> load_moons(const Component& data, const DataPaths& paths) {
    const Values& values = data.values;
    return parted(data, make_moons(count(values, "samples"), values.real("noise"), random_state(values)), outline_moons(data, paths));
}

DatasetOutline outline_spirals(const Component& data, const DataPaths&) {
    expect_samples(data.values, "arms");
    return outline_parted(data.values, 2, count(data.values, "arms"), count(data.values, "samples"));
}

std::shared_ptr<const Dataset> load_spirals(const Component& data, const DataPaths& paths) {
    const Values& values = data.values;
    const SpiralSettings settings{.samples = count(values, "samples"),
                                  .arms = count(values, "arms"),
                                  .turns = values.real("turns"),
                                  .noise = values.real("noise"),
                                  .random_state = random_state(values)};
    return parted(data, make_spirals(settings), outline_spirals(data, paths));
}

DatasetOutline outline_circle(const Component& data, const DataPaths&) {
    const std::size_t samples = count(data.values, "samples"), held = validation_count(data.values.real("validation"), samples);
    return {.shape = {.channels = 2}, .classes = 2, .train = samples - held, .validation = held, .test = count(data.values, "test")};
}

std::shared_ptr<const Dataset> load_circle(const Component& data, const DataPaths& paths) {
    const DatasetOutline outline = outline_circle(data, paths);
    return parted(data, make_circle(outline.train + outline.validation + outline.test, random_state(data.values)), outline);
}

}  // namespace

DatasetType blobs_type() {
    Parameter box = real("center_box", 0, {}, "Every coordinate of a centre lies in [low, high].");
    box.type = ValueType::reals;
    box.fallback = std::vector<double>{-10, 10};
    return {.kind = {.name = "blobs",
                     .summary = "Gaussian clouds around random centres, a class each: the numbers of scikit-learn's make_blobs.",
                     .source = "scikit-learn, sklearn.datasets.make_blobs; NumPy's RandomState",
                     .schema = {integer("samples", 100, closed(1, largest_count), "Samples in all."),
                                integer("centers", 3, closed(2, 1000), "Centres, which are the classes."),
                                integer("features", 2, closed(1, 10000), "Features of a sample."),
                                real("cluster_std", 1, at_least(0), "Standard deviation around a centre."), std::move(box),
                                random_state_key(), train_key(), point_scale_key(), validation_key()}},
            .outline = outline_blobs,
            .load = load_blobs,
            .files = no_files};
}

DatasetType circle_type() {
    return {.kind = {.name = "circle",
                     .summary = "Points of the unit square, class 1 outside the unit circle.",
                     .source = "tutorial \"Learning-rate annealing\": numpy.random.seed(0); rand(100, 2)",
                     .schema = {integer("samples", 100, closed(1, largest_count), "Training samples."),
                                integer("test", 1000, closed(0, largest_count), "Test samples: those the generator gives next."),
                                random_state_key(), point_scale_key(), validation_key()}},
            .outline = outline_circle,
            .load = load_circle,
            .files = no_files};
}

DatasetType moons_type() {
    return {.kind = {.name = "moons",
                     .summary = "Two half circles, shifted into each other: the numbers of scikit-learn's make_moons.",
                     .source = "scikit-learn, sklearn.datasets.make_moons; NumPy's RandomState",
                     .schema = {integer("samples", 100, closed(2, largest_count), "Samples in all."),
                                real("noise", 0, at_least(0), "Standard deviation of what is added to each coordinate."), random_state_key(),
                                train_key(), point_scale_key(), validation_key()}},
            .outline = outline_moons,
            .load = load_moons,
            .files = no_files};
}

DatasetType spirals_type() {
    return {.kind = {.name = "spirals",
                     .summary = "Arms of a spiral around the origin, a class each.",
                     .source = "after Lang & Witbrock 1988, \"Learning to tell two spirals apart\"",
                     .schema = {integer("samples", 200, closed(2, largest_count), "Samples in all."),
                                integer("arms", 2, closed(2, 100), "Arms, which are the classes."),
                                real("turns", 1.5, left_open(0, 100), "Turns of an arm from the centre to its end, which has radius 1."),
                                real("noise", 0.02, at_least(0), "Standard deviation of what is added to each coordinate."), random_state_key(),
                                train_key(), point_scale_key(), validation_key()}},
            .outline = outline_spirals,
            .load = load_spirals,
            .files = no_files};
}

}  // namespace etude
