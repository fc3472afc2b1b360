// framework/data/find_files.hpp - where the files of a data set lie.
#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "data/catalogue.hpp"

namespace etude {

/// Is there anything of this name, a dangling link included?
bool is_there(const std::filesystem::path& file);

/// A data set of several files.
struct FileSet {
    std::string dataset;                 ///< for messages
    std::vector<std::string> names;      ///< of the files
    std::vector<std::string> endings;    ///< each file may have: "", ".gz"
    std::vector<std::filesystem::path> places;
    std::string how_to_get;              ///< the hint when it is not there
};
/// All files of the set, in the order of its names, from the first place that has one of them, so that no two copies are mixed.
/// Throws Error when one is missing there, or all are missing everywhere; the message names the folders of `paths`.
std::vector<std::filesystem::path> find_file_set(const FileSet& set, const DataPaths& paths);

/// The file of a study: `name` as it is when it is absolute, else in the first of the folders that has it. Throws Error when it is nowhere.
std::filesystem::path find_named_file(const std::string& dataset, const std::string& key, const std::string& name, const DataPaths& paths);

}  // namespace etude
