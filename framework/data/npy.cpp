// The data set npy: one array of samples and one of targets.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/find_files.hpp"
#include "data/images.hpp"
#include "data/npy_file.hpp"
#include "data/row_split.hpp"
#include "data/table_set.hpp"
#include "data/type.hpp"

namespace etude {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_classes = 1000;

fs::path file_of(const Component& data, const char* key, const DataPaths& paths) {
    return find_named_file("npy", key, data.values.word(key), paths);
}

/// [rows], [rows, features], [rows, height, width] or [rows, channels, height, width].
SampleShape sample_shape(const fs::path& file, const std::vector<std::size_t>& shape) {
    switch (shape.size()) {
        case 1: return {.channels = 1};
        case 2: return {.channels = shape[1]};
        case 3: return {.channels = 1, .height = shape[1], .width = shape[2]};
        case 4: return {.channels = shape[1], .height = shape[2], .width = shape[3]};
        default:
            throw Error(fmt::format("{}: an array of {} dimensions; samples have 1 to 4: rows, channels, height, width", file.string(),
                                    shape.size()));
    }
}

void check_targets(const fs::path& file, const std::vector<std::size_t>& shape, const fs::path& features, std::size_t rows) {
    if (shape.empty() || shape.size() > 2 || (shape.size() == 2 && shape[1] != 1))
        throw Error(file.string() + ": targets are one number a row: an array of [rows] or [rows, 1]");
    if (shape[0] != rows) throw Error(fmt::format("{}: {} targets for the {} rows of {}", file.string(), shape[0], rows, features.string()));
}

TableTargets targets_of(const Component& data, const fs::path& file) {
    const NpyArray array = read_npy(file);
    TableTargets targets;
    std::size_t classes = 0;
    const bool regression = data.values.word("task") == "regression";
    for (std::size_t i = 0; i < array.header.count(); ++i) {
        const double value = array.number(i);
        if (!std::isfinite(static_cast<float>(value)))
            throw Error(fmt::format("{}: target {} is {}, not a finite number", file.string(), i, number(value)));
        if (regression) {
            targets.values.push_back(static_cast<float>(value));
            continue;
        }
        if (value < 0 || value != std::floor(value) || value >= static_cast<double>(most_classes))
            throw Error(fmt::format("{}: target {} is {}; classes are whole numbers from 0 to {}", file.string(), i, number(value), most_classes - 1),
                        "`task: regression`?");
        targets.labels.push_back(static_cast<std::int32_t>(value));
        classes = std::max(classes, static_cast<std::size_t>(value) + 1);
    }
    if (!regression && classes < 2) throw Error(file.string() + ": all targets are 0: there is nothing to classify");
    for (std::size_t c = 0; c < classes; ++c) targets.class_names.push_back(std::to_string(c));
    return targets;
}

struct NpySet {
    TableRows rows;
    TableTargets targets;
};

/// Headers first: they tell what does not fit together before anything large is read.
NpySet read(const Component& data, const DataPaths& paths) {
    const fs::path features = file_of(data, "features", paths), targets = file_of(data, "targets", paths);
    const NpyHeader header = read_npy_header(features);
    if (header.shape.empty()) throw Error(features.string() + ": a single number, not an array of samples");
    NpySet set;
    set.rows.shape = sample_shape(features, header.shape);
    check_targets(targets, read_npy_header(targets).shape, features, header.shape[0]);
    set.targets = targets_of(data, targets);

    NpyArray array = read_npy(features);
    if (header.type == NpyType::uint8) {
        set.rows.bytes = std::move(array.content);
        return set;
    }
    set.rows.values.reserve(header.count());
    for (std::size_t i = 0; i < header.count(); ++i) {
        const double value = array.number(i);
        if (!std::isfinite(static_cast<float>(value)))
            throw Error(fmt::format("{}: row {}, number {} is {}, not a finite number", features.string(), i / set.rows.shape.size(),
                                    i % set.rows.shape.size(), number(value)));
        set.rows.values.push_back(static_cast<float>(value));
    }
    return set;
}

/// `scale` as given, or what is usual: bytes / 255, other numbers as they are.
std::string scale_of(const Values& values, bool bytes) {
    if (!values.has("scale")) return bytes ? "unit" : "none";
    if (values.word("scale") == "unit" && !bytes) throw Error("scale = unit is for bytes; the features are other numbers", "standardize or none");
    return values.word("scale");
}

void check_augmentation(const Values& values, const TableRows& rows) {
    const bool wanted = (values.has("flip") && values.flag("flip")) || (values.has("crop") && values.integer("crop") > 0);
    if (wanted && (rows.bytes.empty() || rows.shape.width == 1)) throw Error("flip and crop are for images of bytes; the features are not");
}

DatasetOutline outline(const Component& data, const DataPaths& paths) {
    const NpySet set = read(data, paths);
    scale_of(data.values, set.rows.values.empty());
    check_augmentation(data.values, set.rows);
    return outline_of_table(data.values, set.rows.shape, set.rows.count(), set.targets.class_names.size());
}

std::shared_ptr<const Dataset> load(const Component& data, const DataPaths& paths) {
    const NpySet read_set = read(data, paths);
    const std::string scale = scale_of(data.values, read_set.rows.values.empty());
    check_augmentation(data.values, read_set.rows);
    auto set = dataset_of_table(data, read_set.rows, read_set.targets);
    set->image = set->shape.width > 1 && (set->shape.channels == 1 || set->shape.channels == 3);
    if (set->train.bytes_) finish_images(*set, scale, data.values);
    return set;
}

Schema schema() {
    Schema keys = {required(text("features", "", "The .npy file of the samples: [rows], [rows, features], [rows, height, width] or "
                                                 "[rows, channels, height, width].")),
                   required(text("targets", "", "The .npy file with one number a row; found as `features` is: from the folder of the study on.")),
                   choice("task", "classification", {"regression", "classification"}, "classification: targets are class numbers from 0."),
                   optional(choice("scale", "none", {"unit", "standardize", "none"},
                                   "unit: bytes / 255; standardize: mean 0 and deviation 1 of each column or channel over the training part; "
                                   "unit for bytes and none for other numbers unless given."))};
    std::ranges::move(augmentation_schema(), std::back_inserter(keys));
    std::ranges::move(row_split_schema(), std::back_inserter(keys));
    return keys;
}

}  // namespace

DatasetType npy_type() {
    return {.kind = {.name = "npy",
                     .summary = "Arrays that NumPy saved: samples and targets.",
                     .source = "NumPy, numpy.lib.format",
                     .schema = schema()},
            .outline = outline,
            .load = load,
            .files = [](const Component& data, const DataPaths& paths) {
                return std::vector<fs::path>{file_of(data, "features", paths), file_of(data, "targets", paths)};
            }};
}

}  // namespace etude
