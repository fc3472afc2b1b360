// framework/interchange/run_record.hpp - a run as one file: all that it takes to do it again elsewhere, and what came out.
//
// JSON: the study as given and resolved, the plan, every result to the last bit with its provenance, the plugins with the hashes of their libraries
// and, for those that etude does not ship, their sources (or the library where there is no source), and the data files with their hashes, the small
// ones that a study names whole.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "data/catalogue.hpp"
#include "plugin/registry.hpp"
#include "store/store.hpp"

namespace etude {

/// A file that travels: a relative path without "..", and its bytes.
struct CarriedFile {
    std::string path, bytes;
};

struct RecordedPlugin {
    PluginKind kind = PluginKind::optimizer;
    std::string name, hash;          ///< hash: 16 hex digits, of the library's bytes
    std::string build;               ///< compiler, ABI version
    bool shipped = false;
    std::vector<CarriedFile> files;  ///< the source first, then the headers that it includes from its folder; or the library alone
};

struct RecordedData {
    std::string path, hash;          ///< as the study names it, else where it was found
    std::vector<CarriedFile> files;  ///< one, or none for a file that is large or that no study names
};

struct RunRecord {
    std::string etude;               ///< version that wrote it
    int numerics = 0;                ///< number of the framework's arithmetic
    std::string study, resolved;     ///< study.yaml and resolved.yaml
    Plan plan;
    std::vector<RecordedPlugin> plugins;
    std::vector<RecordedData> data;
    std::vector<StoredTrial> trials; ///< of the plan, in its order, as far as they have a result
};

inline constexpr std::size_t most_carried_bytes = 1U << 20U;  ///< of a data file

/// Of a folder of results. Plugins and data are those found here and now: throws Error when they are not those that the trials ran with (their ids
/// would be others), when a source includes a file from outside its folder, and when there is no result.
RunRecord make_run_record(const Store& store, Registry& registry, const DataPaths& data);

std::string run_record_json(const RunRecord& record);
/// `name`: for messages. Throws Error for another format, a newer version, and damage.
RunRecord parse_run_record(const std::string& json, const std::string& name);

/// Writes what the record carries below `folder`: plugins/NAME/..., data/... Returns the places of the plugins, for Registry::standard.
std::vector<std::filesystem::path> unpack(const RunRecord& record, const std::filesystem::path& folder);

}  // namespace etude
