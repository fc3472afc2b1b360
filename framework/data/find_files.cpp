#include "data/find_files.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace etude {
namespace {

namespace fs = std::filesystem;

/// `file` with one of the endings in `place`; empty when there is none.
fs::path file_in(const fs::path& place, const std::string& file, const std::vector<std::string>& endings) {
    for (const std::string& ending : endings)
        if (is_there(place / (file + ending))) return place / (file + ending);
    return {};
}

std::string folders_text(const std::vector<fs::path>& folders) {
    std::vector<std::string> looked;
    for (const fs::path& folder : folders) looked.push_back(folder.string());
    return looked.empty() ? "no folder" : join(looked, ", ");
}

}  // namespace

bool is_there(const fs::path& file) {
    std::error_code ignored;  // what cannot be looked at is not there
    const fs::file_type type = fs::symlink_status(file, ignored).type();
    return type != fs::file_type::not_found && type != fs::file_type::none;
}

std::vector<fs::path> find_file_set(const FileSet& set, const DataPaths& paths) {
    for (const fs::path& place : set.places) {
        std::vector<fs::path> files;
        for (const std::string& name : set.names) files.push_back(file_in(place, name, set.endings));
        if (std::ranges::all_of(files, &fs::path::empty)) continue;
        const auto missing = std::ranges::find_if(files, &fs::path::empty);
        if (missing == files.end()) return files;
        throw Error(fmt::format("data set '{}': {} is not in {}", set.dataset, set.names[static_cast<std::size_t>(missing - files.begin())],
                                place.string()),
                    set.how_to_get);
    }
    throw Error(fmt::format("data set '{}': {} is not there; looked in {}", set.dataset, set.names.front(), folders_text(paths.folders)),
                set.how_to_get);
}

fs::path find_named_file(const std::string& dataset, const std::string& key, const std::string& name, const DataPaths& paths) {
    if (name.empty()) throw Error(fmt::format("data set '{}': {} is empty", dataset, key), "the name of a file");
    if (fs::path(name).is_absolute()) {
        if (is_there(name)) return name;
        throw Error(fmt::format("data set '{}': {} = {}: there is no such file", dataset, key, name));
    }
    std::vector<fs::path> folders = paths.beside;
    folders.insert(folders.end(), paths.folders.begin(), paths.folders.end());
    for (const fs::path& folder : folders)
        if (is_there(folder / name)) return (folder / name).lexically_normal();
    throw Error(fmt::format("data set '{}': {} = {} is not there; looked in {}", dataset, key, name, folders_text(folders)),
                "a path from the folder of the study, from the current folder, or from one named with --data or ETUDE_DATA");
}

}  // namespace etude
