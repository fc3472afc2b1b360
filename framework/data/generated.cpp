// The data sets that are made, not read: blobs and circle.
#include "base/error.hpp"
#include "base/text.hpp"
#include "data/blobs.hpp"
#include "data/circle.hpp"
#include "data/type.hpp"

namespace etude {
namespace {

constexpr double largest_count = 1e7;                          // samples
constexpr std::size_t largest_numbers = std::size_t{1} << 28;  // in all: a gigabyte of floats
constexpr double largest_seed = 4294967295.0;

std::size_t count(const Values& values, std::string_view name) { return static_cast<std::size_t>(values.integer(name)); }

std::vector<std::filesystem::path> no_files(const Component&, const DataPaths&) { return {}; }

BlobSettings blob_settings(const Values& values) {
    const auto& box = std::get<std::vector<double>>(*values.find("center_box"));
    if (box.size() != 2 || !(box[0] <= box[1])) throw Error("center_box = " + value_text(*values.find("center_box")) + " is not [low, high]");
    return {.samples = count(values, "samples"),
            .centers = count(values, "centers"),
            .features = count(values, "features"),
            .cluster_std = values.real("cluster_std"),
            .box_min = box[0],
            .box_max = box[1],
            .random_state = static_cast<std::uint32_t>(values.integer("random_state"))};
}

DatasetOutline outline_blobs(const Component& data, const DataPaths&) {
    const BlobSettings settings = blob_settings(data.values);
    if (settings.samples > largest_numbers / settings.features)
        throw Error("samples = " + std::to_string(settings.samples) + " of " + std::to_string(settings.features) + " features are more than " +
                    std::to_string(largest_numbers) + " numbers");
    if (settings.centers > settings.samples)
        throw Error("centers = " + std::to_string(settings.centers) + " is more than the " + std::to_string(settings.samples) + " samples");
    const std::size_t train = data.values.has("train") ? count(data.values, "train") : (settings.samples + 1) / 2;
    if (train > settings.samples)
        throw Error("train = " + std::to_string(train) + " is more than the " + std::to_string(settings.samples) + " samples");
    const std::size_t held = validation_count(data.values.real("validation"), train);
    return {.shape = {.channels = settings.features},
            .classes = settings.centers,
            .train = train - held,
            .validation = held,
            .test = settings.samples - train};
}

std::shared_ptr<const Dataset> load_blobs(const Component& data, const DataPaths& paths) {
    const DatasetOutline outline = outline_blobs(data, paths);
    return dataset_of_points("blobs", make_blobs(blob_settings(data.values)), outline.shape.channels, outline.classes,
                             outline.train + outline.validation, outline.validation);
}

DatasetOutline outline_circle(const Component& data, const DataPaths&) {
    const std::size_t samples = count(data.values, "samples"), held = validation_count(data.values.real("validation"), samples);
    return {.shape = {.channels = 2}, .classes = 2, .train = samples - held, .validation = held, .test = count(data.values, "test")};
}

std::shared_ptr<const Dataset> load_circle(const Component& data, const DataPaths& paths) {
    const DatasetOutline outline = outline_circle(data, paths);
    const std::size_t samples = outline.train + outline.validation;
    return dataset_of_points("circle", make_circle(samples + outline.test, static_cast<std::uint32_t>(data.values.integer("random_state"))), 2, 2,
                             samples, outline.validation);
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
                                integer("random_state", 0, closed(0, largest_seed), "Seed of the data, not of the trial."),
                                optional(integer("train", 0, closed(1, largest_count),
                                                 "The first samples, for training; the rest is the test set; half of them unless given.")),
                                validation_key()}},
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
                                integer("random_state", 0, closed(0, largest_seed), "Seed of the data, not of the trial."), validation_key()}},
            .outline = outline_circle,
            .load = load_circle,
            .files = no_files};
}

}  // namespace etude
