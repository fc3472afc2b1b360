// framework/data/catalogue.hpp - the data sets there are, their keys, and how one is loaded.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "data/dataset.hpp"

namespace etude {

/// Every data set with its declared keys, in alphabetical order. All of them have `validation` and, where it makes sense, `train` and `test`.
std::span<const Kind> dataset_kinds();
const Kind* find_dataset_kind(std::string_view name);

/// What can be known of a data set without its samples, for checks before anything is loaded.
struct DatasetOutline {
    SampleShape shape;
    std::size_t classes = 0;  ///< 0: regression
    std::size_t train = 0, validation = 0, test = 0;
};

/// Folders in which files are looked for: --data, ETUDE_DATA, the distribution's places, in this order.
struct DataPaths {
    std::vector<std::filesystem::path> folders;
    std::vector<std::filesystem::path> beside{};  ///< looked in first, and only for a file that a study names: the study's folder
    /// `first` (from --data), then ETUDE_DATA, then the places of the distribution's packages.
    static DataPaths standard(const std::vector<std::filesystem::path>& first = {});
};

/// Checks the values together (a subset larger than the set, a validation share that leaves nothing) and reads headers only.
/// Throws Error (what is wrong, the hint says which command brings a missing file).
DatasetOutline outline_dataset(const Component& data, const DataPaths& paths);
/// Reads or makes it. Throws Error as outline_dataset does, and for truncated or inconsistent files.
std::shared_ptr<const Dataset> load_dataset(const Component& data, const DataPaths& paths);
/// The files that this data set is read from (none when it is generated); their bytes are part of a trial's identity.
std::vector<std::filesystem::path> dataset_files(const Component& data, const DataPaths& paths);

}  // namespace etude
