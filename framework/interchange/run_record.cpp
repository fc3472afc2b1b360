#include "interchange/run_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "interchange/again.hpp"
#include "plugin/compile.hpp"
#include "study/identity.hpp"
#include "study/study.hpp"

namespace etude {
namespace {

namespace fs = std::filesystem;

/// Plugins beside the executable, in the build tree or an installation.
bool is_shipped(const fs::path& file) {
    std::error_code error;
    const std::string below = fs::weakly_canonical(file, error).lexically_relative(fs::weakly_canonical(program_root(), error)).string();
    return below.starts_with("plugins/") || (below.starts_with("lib") && below.find("/etude/plugins/") != std::string::npos);
}

/// NAME of each `#include "NAME"`.
std::vector<std::string> quoted_includes(const std::string& source) {
    std::vector<std::string> names;
    for (const std::string& line : split(source, '\n')) {
        std::string_view rest = trim(line);
        if (!rest.starts_with('#')) continue;
        rest = trim(rest.substr(1));
        if (!rest.starts_with("include")) continue;
        rest = trim(rest.substr(7));
        if (rest.size() > 2 && rest.front() == '"') names.emplace_back(rest.substr(1, rest.find('"', 1) - 1));
    }
    return names;
}

/// A source and the headers of its author. What is not there is the compiler's affair: a header of the SDK, or one for another system.
std::vector<CarriedFile> source_files(const fs::path& source) {
    const fs::path folder = source.parent_path();
    std::vector<CarriedFile> files{{source.filename().string(), read_file(source)}};
    for (std::size_t i = 0; i < files.size(); ++i) {
        for (const std::string& name : quoted_includes(std::string(files[i].bytes))) {
            const std::string path = (fs::path(files[i].path).parent_path() / name).lexically_normal().string();
            if (!fs::exists(folder / path) || std::ranges::find(files, path, &CarriedFile::path) != files.end()) continue;
            if (path.starts_with("..") || fs::path(path).is_absolute())
                throw Error(fmt::format("{}: includes {}, which lies outside its folder", source.string(), name),
                            "a record carries the headers beside a source: move it there");
            files.push_back({path, read_file(folder / path)});
        }
    }
    return files;
}

RecordedPlugin recorded(const Plugin& plugin) {
    RecordedPlugin record{plugin.kind, plugin.description.name, hex(plugin.file_hash), plugin.build, is_shipped(plugin.file), {}};
    if (record.shipped) return record;
    if (plugin.file.extension() == ".cpp") record.files = source_files(plugin.file);
    else record.files = {{plugin.file.filename().string(), read_file(plugin.file)}};
    return record;
}

std::vector<RecordedPlugin> recorded_plugins(const std::vector<TrialAgain>& trials, Registry& registry) {
    std::set<const Plugin*> used;
    std::vector<RecordedPlugin> plugins;
    for (const TrialAgain& trial : trials)
        for (const Plugin* plugin : plugins_of(trial.spec, registry))
            if (used.insert(plugin).second) plugins.push_back(recorded(*plugin));
    return plugins;
}

/// The name by which the study calls `file`: one of the data set's texts; "" when it names none.
std::string name_in_study(const Component& data, const fs::path& file) {
    for (const auto& [key, value] : data.values.entries()) {
        const auto* text = std::get_if<std::string>(&value);
        if (text == nullptr || text->empty() || fs::path(*text).is_absolute()) continue;
        const std::string path = fs::path(*text).lexically_normal().string();
        if (!path.starts_with("..") && (file.lexically_normal().string() == path || file.lexically_normal().string().ends_with("/" + path)))
            return path;
    }
    return "";
}

std::vector<RecordedData> data_of(const std::vector<TrialAgain>& trials, const DataPaths& paths) {
    std::set<fs::path> known;
    std::vector<RecordedData> data;
    std::vector<const Component*> seen;  // few: not one a trial
    for (const TrialAgain& trial : trials) {
        if (std::ranges::any_of(seen, [&](const Component* one) { return *one == trial.spec.data; })) continue;
        seen.push_back(&trial.spec.data);
        for (const fs::path& file : dataset_files(trial.spec.data, paths)) {
            if (!known.insert(file).second) continue;
            const std::string name = name_in_study(trial.spec.data, file);
            RecordedData record{name.empty() ? file.string() : name, hex(hash_file(file)), {}};
            if (!name.empty() && fs::file_size(file) <= most_carried_bytes) record.files = {{name, read_file(file)}};
            data.push_back(std::move(record));
        }
    }
    return data;
}

std::string text_if_there(const fs::path& file) { return fs::exists(file) ? read_file(file) : ""; }

}  // namespace

RunRecord make_run_record(const Store& store, Registry& registry, const DataPaths& data) {
    RunRecord record{provenance_here().etude,
                     numerics_version,
                     text_if_there(store.folder() / "study.yaml"),
                     text_if_there(store.folder() / "resolved.yaml"),
                     store.plan(),
                     {},
                     {},
                     {}};
    std::vector<KeptTrial> kept;
    for (const PlannedTrial& planned : record.plan.trials)
        if (auto trial = store.find(planned.id)) {
            kept.push_back({trial->id, trial->seed, trial->resolved});
            record.trials.push_back(std::move(*trial));
        }
    const std::string folder = store.folder().string();
    if (kept.empty()) throw Error(folder + ": there is no result to write down", "`etude run` on the folder runs what is missing");
    const std::vector<TrialAgain> again = read_again(kept, record.plan.metric, folder + ": a stored configuration", registry, data);
    std::size_t others = 0;
    for (std::size_t i = 0; i < kept.size(); ++i) others += again[i].id != kept[i].id;
    if (others > 0)
        throw Error(fmt::format("{}: {} of {} trials would have another id now: the bytes of their plugins or data, or etude's numerics, "
                                "have changed since they ran", folder, others, kept.size()),
                    "give those they ran with (--plugins, --data), or run the study again");
    record.plugins = recorded_plugins(again, registry);
    record.data = data_of(again, data);
    return record;
}

std::vector<fs::path> unpack(const RunRecord& record, const fs::path& folder) {
    const auto write = [](const fs::path& below, const CarriedFile& file) {
        const fs::path path = below / file.path;
        std::error_code error;
        fs::create_directories(path.parent_path(), error);
        if (error) throw Error(path.parent_path().string() + ": cannot be made: " + error.message());
        write_file(path, file.bytes);
        return path;
    };
    std::vector<fs::path> plugins;
    for (const RecordedPlugin& plugin : record.plugins) {
        const fs::path below = folder / "plugins" / plugin.name;
        for (const CarriedFile& file : plugin.files) write(below, file);
        if (!plugin.files.empty()) plugins.push_back(below / plugin.files.front().path);
    }
    for (const RecordedData& data : record.data)
        for (const CarriedFile& file : data.files) write(folder / "data", file);
    return plugins;
}

}  // namespace etude
