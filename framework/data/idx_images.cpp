// The data sets of IDX files: fashion_mnist and mnist.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/idx.hpp"
#include "data/type.hpp"

namespace etude {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t class_count = 10;

struct IdxFiles {
    fs::path train_images, train_labels, test_images, test_labels;
};

const char* how_to_get(const std::string& name) {
    return name == "fashion_mnist"
               ? "`apt-get install dataset-fashion-mnist` brings it; or name the folder that has the four IDX files with --data or ETUDE_DATA"
               : "name the folder that has the four IDX files, plain or gzip, with --data or ETUDE_DATA";
}

constexpr std::array<const char*, 4> file_names = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
                                                   "t10k-labels-idx1-ubyte"};

bool is_there(const fs::path& file) {
    std::error_code ignored;  // what cannot be looked at is not there
    const fs::file_type type = fs::symlink_status(file, ignored).type();
    return type != fs::file_type::not_found && type != fs::file_type::none;
}

/// `file`, plain or with .gz, in `place`; empty when neither is there.
fs::path file_in(const fs::path& place, const std::string& file) {
    for (const char* ending : {"", ".gz"})
        if (is_there(place / (file + ending))) return place / (file + ending);
    return {};
}

std::string dashed(std::string name) {
    std::ranges::replace(name, '_', '-');
    return name;
}

/// Where the files may lie: in each folder's subfolder of the data set's name, with _ or -, then in the folder itself, unless that one is named
/// after the other data set: their files have the same names, and the wrong one would be trained on silently.
std::vector<fs::path> places(const std::string& name, const DataPaths& paths) {
    const std::string other = name == "mnist" ? "fashion-mnist" : "mnist";
    std::vector<fs::path> all;
    for (const fs::path& folder : paths.folders) {
        all.insert(all.end(), {folder / name, folder / dashed(name)});
        const fs::path last = folder.has_filename() ? folder.filename() : folder.parent_path().filename();
        if (dashed(last.string()) != other) all.push_back(folder);
    }
    return all;
}

/// All four from the first place that has one of them, so that no two copies are mixed.
IdxFiles find_files(const std::string& name, const DataPaths& paths) {
    for (const fs::path& place : places(name, paths)) {
        std::array<fs::path, 4> files;
        std::ranges::transform(file_names, files.begin(), [&](const char* file) { return file_in(place, file); });
        if (std::ranges::all_of(files, &fs::path::empty)) continue;
        const auto missing = std::ranges::find_if(files, &fs::path::empty);
        if (missing != files.end())
            throw Error(
                fmt::format("data set '{}': {} is not in {}", name, file_names[static_cast<std::size_t>(missing - files.begin())], place.string()),
                how_to_get(name));
        return {.train_images = files[0], .train_labels = files[1], .test_images = files[2], .test_labels = files[3]};
    }
    std::vector<std::string> looked;
    for (const fs::path& folder : paths.folders) looked.push_back(folder.string());
    throw Error(fmt::format("data set '{}': {} is not there; looked in {}", name, file_names[0], looked.empty() ? "no folder" : join(looked, ", ")),
                how_to_get(name));
}

/// Samples of one role as the files have them; images and labels must be as many.
IdxImages check_pair(const fs::path& images, const fs::path& labels) {
    const IdxImages header = read_idx_images_header(images);
    const std::size_t count = read_idx_labels_header(labels);
    if (count != header.count)
        throw Error(fmt::format("{}: {} labels for the {} images of {}", labels.string(), count, header.count, images.string()));
    return header;
}

std::size_t subset(const Values& values, std::string_view key, std::size_t all) {
    if (!values.has(key)) return all;
    const auto wanted = static_cast<std::size_t>(values.integer(key));
    if (wanted > all) throw Error(fmt::format("{} = {} is more than the {} samples there are", key, wanted, all));
    return wanted;
}

DatasetOutline outline(const Component& data, const DataPaths& paths) {
    const IdxFiles files = find_files(data.name, paths);
    const IdxImages train = check_pair(files.train_images, files.train_labels), test = check_pair(files.test_images, files.test_labels);
    if (train.height != test.height || train.width != test.width)
        throw Error(fmt::format("{}: images of {} x {}, those for training have {} x {}", files.test_images.string(), test.height, test.width,
                                train.height, train.width));
    const std::size_t samples = subset(data.values, "train", train.count), held = validation_count(data.values.real("validation"), samples);
    return {.shape = {.channels = 1, .height = train.height, .width = train.width},
            .classes = class_count,
            .train = samples - held,
            .validation = held,
            .test = subset(data.values, "test", test.count)};
}

Part read_part(const fs::path& images, const fs::path& labels, std::size_t count, std::size_t features) {
    auto bytes = std::make_shared<AlignedBuffer<std::uint8_t>>(count * features);
    if (count > 0) read_idx_images(images, count, bytes->data());
    Part part;
    part.count_ = count;
    part.features_ = features;
    part.bytes_ = std::move(bytes);
    if (count > 0) part.labels_ = read_idx_labels(labels, count, class_count);
    return part;
}

struct Scaling {
    float scale = 1, shift = 0;
};

/// Over all pixels of the training part: the images have one channel.
Scaling standardisation(const Part& train) {
    std::uint64_t sum = 0, squares = 0;
    const std::size_t n = train.count_ * train.features_;
    for (const std::uint8_t byte : train.bytes_->span().first(n)) sum += byte, squares += std::uint64_t{byte} * byte;
    const double mean = static_cast<double>(sum) / static_cast<double>(n);
    const double deviation = std::sqrt(static_cast<double>(squares) / static_cast<double>(n) - mean * mean);
    if (!(deviation > 0)) throw Error("scale = standardize: all pixels of the training part are equal");
    return {static_cast<float>(1 / deviation), static_cast<float>(-mean / deviation)};
}

Scaling scaling(const std::string& word, const Part& train) {
    if (word == "standardize") return standardisation(train);
    return {.scale = word == "unit" ? 1.0f / 255.0f : 1.0f};
}

std::vector<std::string> class_names(const std::string& name) {
    if (name == "fashion_mnist") return {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"};
    return {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
}

std::shared_ptr<const Dataset> load(const Component& data, const DataPaths& paths) {
    const DatasetOutline sizes = outline(data, paths);
    const IdxFiles files = find_files(data.name, paths);
    auto set = std::make_shared<Dataset>();
    set->name = data.name;
    set->shape = sizes.shape;
    set->classes = class_count;
    set->image = true;
    set->class_names = class_names(data.name);
    set->train = read_part(files.train_images, files.train_labels, sizes.train + sizes.validation, sizes.shape.size());
    set->test = read_part(files.test_images, files.test_labels, sizes.test, sizes.shape.size());
    hold_validation_back(*set, sizes.validation);
    const Scaling values = scaling(data.values.word("scale"), set->train);
    for (Part* part : {&set->train, &set->validation, &set->test}) part->scale_ = values.scale, part->shift_ = values.shift;
    return set;
}

std::vector<fs::path> files_of(const Component& data, const DataPaths& paths) {
    const IdxFiles files = find_files(data.name, paths);
    return {files.train_images, files.train_labels, files.test_images, files.test_labels};
}

DatasetType idx_type(const std::string& name, const std::string& summary, const std::string& source) {
    return {.kind = {.name = name,
                     .summary = summary,
                     .source = source,
                     .schema = {optional(integer("train", 0, at_least(1), "The first samples of the training part; all unless given.")),
                                optional(integer("test", 0, at_least(0), "The first samples of the test part; all unless given.")),
                                choice("scale", "unit", {"unit", "standardize", "none"},
                                       "unit: bytes / 255; standardize: mean 0 and deviation 1 over the training part; none: 0 to 255."),
                                validation_key()}},
            .outline = outline,
            .load = load,
            .files = files_of};
}

}  // namespace

DatasetType fashion_mnist_type() {
    return idx_type("fashion_mnist", "70,000 grey pictures of clothes, 28 x 28, ten classes.", "Xiao, Rasul & Vollgraf 2017, arXiv:1708.07747");
}

DatasetType mnist_type() { return idx_type("mnist", "70,000 handwritten digits, 28 x 28, ten classes.", "LeCun, Bottou, Bengio & Haffner 1998"); }

}  // namespace etude
