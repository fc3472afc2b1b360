// The data set cifar10.
#include <algorithm>

#include "base/error.hpp"
#include "data/cifar.hpp"
#include "data/find_files.hpp"
#include "data/images.hpp"
#include "data/type.hpp"

namespace etude {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t train_batches = 5;

/// data_batch_1.bin to data_batch_5.bin, test_batch.bin.
std::vector<fs::path> find_batches(const DataPaths& paths) {
    FileSet set{.dataset = "cifar10",
                .names = {},
                .endings = {"", ".gz", ".xz"},
                .places = {},
                .how_to_get = "`scripts/get-data cifar10` brings it; or name the folder that has the six batches, plain, gzip or xz, with --data or "
                              "ETUDE_DATA"};
    for (std::size_t i = 1; i <= train_batches; ++i) set.names.push_back("data_batch_" + std::to_string(i) + ".bin");
    set.names.push_back("test_batch.bin");
    for (const fs::path& folder : paths.folders)
        set.places.insert(set.places.end(), {folder / "cifar-10-batches-bin", folder / "cifar10", folder});
    return find_file_set(set, paths);
}

DatasetOutline outline(const Component& data, const DataPaths& paths) {
    for (const fs::path& batch : find_batches(paths)) check_cifar_batch(batch);
    const std::size_t samples = wanted_samples(data.values, "train", train_batches * cifar_batch);
    const std::size_t held = validation_count(data.values.real("validation"), samples);
    return {.shape = {.channels = 3, .height = 32, .width = 32},
            .classes = cifar_classes,
            .train = samples - held,
            .validation = held,
            .test = wanted_samples(data.values, "test", cifar_batch)};
}

/// The first `count` samples of the batches, one after another.
Part read_part(std::span<const fs::path> batches, std::size_t count) {
    auto bytes = std::make_shared<AlignedBuffer<std::uint8_t>>(count * cifar_pixels);
    Part part;
    part.count_ = count;
    part.features_ = cifar_pixels;
    part.labels_.resize(count);
    for (std::size_t done = 0; done < count; done += cifar_batch) {
        const std::size_t wanted = std::min(cifar_batch, count - done);
        read_cifar_batch(batches[done / cifar_batch], bytes->data() + done * cifar_pixels, std::span(part.labels_).subspan(done, wanted));
    }
    part.bytes_ = std::move(bytes);
    return part;
}

std::shared_ptr<const Dataset> load(const Component& data, const DataPaths& paths) {
    const DatasetOutline sizes = outline(data, paths);
    const std::vector<fs::path> batches = find_batches(paths);
    auto set = std::make_shared<Dataset>();
    set->name = data.name;
    set->shape = sizes.shape;
    set->classes = cifar_classes;
    set->image = true;
    set->class_names = {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};
    set->train = read_part(std::span(batches).first(train_batches), sizes.train + sizes.validation);
    set->test = read_part(std::span(batches).last(1), sizes.test);
    hold_validation_back(*set, sizes.validation);
    finish_images(*set, data.values.word("scale"), data.values);
    return set;
}

std::vector<fs::path> files_of(const Component&, const DataPaths& paths) { return find_batches(paths); }

}  // namespace

DatasetType cifar10_type() {
    return {.kind = {.name = "cifar10",
                     .summary = "60,000 colour pictures of animals and vehicles, 32 x 32, ten classes.",
                     .source = "Krizhevsky 2009, \"Learning multiple layers of features from tiny images\"",
                     .schema = image_schema()},
            .outline = outline,
            .load = load,
            .files = files_of};
}

}  // namespace etude
