#include "data/catalogue.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/type.hpp"

namespace etude {
namespace {

const std::vector<DatasetType>& types() {
    static const std::vector<DatasetType> all = {blobs_type(), cifar10_type(), circle_type(), csv_type(),    fashion_mnist_type(),
                                                 mnist_type(), moons_type(),   npy_type(),    spirals_type()};
    return all;
}

const DatasetType& require_type(const Component& data) {
    const auto found = std::ranges::find(types(), data.name, [](const DatasetType& type) { return type.kind.name; });
    ETUDE_ASSERT(found != types().end(), "no data set '" + data.name + "'");
    return *found;
}

}  // namespace

std::span<const Kind> dataset_kinds() {
    static const std::vector<Kind> kinds = [] {
        std::vector<Kind> all;
        for (const DatasetType& type : types()) all.push_back(type.kind);
        return all;
    }();
    return kinds;
}

const Kind* find_dataset_kind(std::string_view name) {
    const auto kinds = dataset_kinds();
    const auto found = std::ranges::find(kinds, name, &Kind::name);
    return found == kinds.end() ? nullptr : &*found;
}

DataPaths DataPaths::standard(const std::vector<std::filesystem::path>& first) {
    DataPaths paths{first};
    std::error_code ignored;  // what cannot be looked at is no folder for us
    for (const auto& folder : first)
        if (!std::filesystem::is_directory(folder, ignored)) throw Error("--data " + folder.string() + ": there is no such folder");
    if (const char* const more = std::getenv("ETUDE_DATA"))
        for (const std::string& folder : split(more, ':'))
            if (!folder.empty()) paths.folders.emplace_back(folder);
    const char* const home = std::getenv("HOME");
    if (const char* const own = std::getenv("XDG_DATA_HOME"); own != nullptr && *own != '\0')
        paths.folders.push_back(std::filesystem::path(own) / "etude");  // scripts/get-data
    else if (home != nullptr && *home != '\0')
        paths.folders.push_back(std::filesystem::path(home) / ".local/share/etude");
    paths.folders.emplace_back("/usr/local/share/datasets");
    paths.folders.emplace_back("/usr/share/datasets");  // Debian's dataset-* packages
    return paths;
}

DatasetOutline outline_dataset(const Component& data, const DataPaths& paths) { return require_type(data).outline(data, paths); }
std::shared_ptr<const Dataset> load_dataset(const Component& data, const DataPaths& paths) { return require_type(data).load(data, paths); }
std::vector<std::filesystem::path> dataset_files(const Component& data, const DataPaths& paths) { return require_type(data).files(data, paths); }

}  // namespace etude
