// The data sets of IDX files: fashion_mnist and mnist.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "data/find_files.hpp"
#include "data/idx.hpp"
#include "data/images.hpp"
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

IdxFiles find_files(const std::string& name, const DataPaths& paths) {
    const auto files = find_file_set({.dataset = name,
                                      .names = {file_names.begin(), file_names.end()},
                                      .endings = {"", ".gz"},
                                      .places = places(name, paths),
                                      .how_to_get = how_to_get(name)},
                                     paths);
    return {.train_images = files[0], .train_labels = files[1], .test_images = files[2], .test_labels = files[3]};
}

/// Samples of one role as the files have them; images and labels must be as many.
IdxImages check_pair(const fs::path& images, const fs::path& labels) {
    const IdxImages header = read_idx_images_header(images);
    const std::size_t count = read_idx_labels_header(labels);
    if (count != header.count)
        throw Error(fmt::format("{}: {} labels for the {} images of {}", labels.string(), count, header.count, images.string()));
    return header;
}

DatasetOutline outline(const Component& data, const DataPaths& paths) {
    const IdxFiles files = find_files(data.name, paths);
    const IdxImages train = check_pair(files.train_images, files.train_labels), test = check_pair(files.test_images, files.test_labels);
    if (train.height != test.height || train.width != test.width)
        throw Error(fmt::format("{}: images of {} x {}, those for training have {} x {}", files.test_images.string(), test.height, test.width,
                                train.height, train.width));
    const std::size_t samples = wanted_samples(data.values, "train", train.count), held = validation_count(data.values.real("validation"), samples);
    return {.shape = {.channels = 1, .height = train.height, .width = train.width},
            .classes = class_count,
            .train = samples - held,
            .validation = held,
            .test = wanted_samples(data.values, "test", test.count)};
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
    finish_images(*set, data.values.word("scale"), data.values);
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
                     .schema = image_schema()},
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
