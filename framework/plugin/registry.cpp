#include "plugin/registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "plugin/aliases.hpp"
#include "plugin/check.hpp"
#include "plugin/compile.hpp"
#include "plugin/library.hpp"
#include "plugin/probe.hpp"
#include "plugin/table.hpp"

namespace etude {
namespace {

namespace fs = std::filesystem;

/// A file that may be a plugin; what it is comes out when it is first asked for.
struct Candidate {
    fs::path file;                         ///< what the user gave or a folder has
    fs::path library;                      ///< the same, or what was compiled from it
    bool opened = false;
    std::string reason;                    ///< not empty: refused
    std::unique_ptr<const Plugin> plugin;  ///< null: refused

    /// The kind that the folder promises, if it does.
    std::optional<PluginKind> promised() const {
        const fs::path folder = file.parent_path().filename();
        if (folder == "optimizers") return PluginKind::optimizer;
        if (folder == "schedules") return PluginKind::schedule;
        return std::nullopt;
    }
    void open() {
        if (opened) return;
        opened = true;
        try {
            if (auto problem = probe_library(library)) throw Error(*problem);
            const OpenedTable table = open_library(library);
            if (auto problem = table_problem(table, file.filename().string())) throw Error(*problem);
            Plugin read = read_plugin(static_cast<const etude_table*>(table.address));
            read.file = file;
            read.file_hash = hash_file(library);
            plugin = std::make_unique<const Plugin>(std::move(read));
        } catch (const Error& error) {
            reason = error.what();
        }
    }
};

std::vector<fs::path> libraries_in(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error))
        if (entry.path().extension() == ".so") files.push_back(entry.path());
    if (error) throw Error(fmt::format("{}: cannot be read: {}", folder.string(), error.message()));
    std::ranges::sort(files);
    return files;
}

/// Folders beside the executable where plugins are: of the build tree, then of an installation.
std::vector<fs::path> places_beside_executable() {
    const fs::path root = program_root();
    if (root.empty()) return {};
    std::vector<fs::path> places{root / "plugins", root / "lib/etude/plugins", root / "lib64/etude/plugins"};
#if defined(__x86_64__)
    places.push_back(root / "lib/x86_64-linux-gnu/etude/plugins");
#elif defined(__aarch64__)
    places.push_back(root / "lib/aarch64-linux-gnu/etude/plugins");
#endif
    std::erase_if(places, [](const fs::path& place) { return !fs::is_directory(place); });
    return places;
}

}  // namespace

const char* kind_word(PluginKind kind) { return kind == PluginKind::optimizer ? "optimizer" : "schedule"; }

struct Registry::Impl {
    std::map<std::string, std::vector<Candidate>, std::less<>> by_name;  // of one name, the earlier place first
    std::vector<RejectedFile> missing;                                   // places of ETUDE_PLUGINS that cannot be used

    void add_file(const fs::path& file) {
        const fs::path library = file.extension() == ".cpp" ? compile_plugin(file).library : file;
        by_name[file.stem().string()].push_back({file, library, false, "", nullptr});
    }
    void add_place(const fs::path& place) {
        if (!fs::is_directory(place)) return add_file(place);
        for (const fs::path& folder : {place, place / "optimizers", place / "schedules"})
            if (fs::is_directory(folder))
                for (const fs::path& file : libraries_in(folder)) add_file(file);
    }
    void add_given(const fs::path& place) {
        if (!fs::exists(place))
            throw Error(fmt::format("{}: no such file or folder", place.string()), "plugins are .so and .cpp files, or folders of .so files");
        add_place(place);
    }
    /// A source that does not compile is listed, as a library is that cannot be opened: nobody named it for this call.
    void add_place_of_variable(const fs::path& place) {
        try {
            add_place(place);
        } catch (const Error& error) {
            const std::string text = error.what(), prefix = place.string() + ": ";
            missing.push_back({place, text.starts_with(prefix) ? text.substr(prefix.size()) : text});
        }
    }
    void add_environment() {
        const char* variable = std::getenv("ETUDE_PLUGINS");
        if (variable == nullptr) return;
        for (const std::string& place : split(variable, ':')) {
            if (place.empty()) continue;
            if (fs::exists(place))
                add_place_of_variable(place);
            else
                missing.push_back({place, "no such file or folder; ETUDE_PLUGINS names it"});
        }
    }
};

const PresetInfo* Plugin::find_preset(std::string_view name) const {
    const auto found = std::ranges::find(presets, name, &PresetInfo::name);
    return found == presets.end() ? nullptr : &*found;
}

Registry::Registry(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Registry::Registry(Registry&&) noexcept = default;
Registry& Registry::operator=(Registry&&) noexcept = default;
Registry::~Registry() = default;

Registry Registry::standard(const std::vector<fs::path>& extra) {
    auto impl = std::make_unique<Impl>();
    for (const fs::path& place : extra) impl->add_given(place);
    impl->add_environment();
    for (const fs::path& place : places_beside_executable()) impl->add_place(place);
    return Registry(std::move(impl));
}

Registry Registry::scan(const std::vector<fs::path>& places) {
    auto impl = std::make_unique<Impl>();
    for (const fs::path& place : places) impl->add_given(place);
    return Registry(std::move(impl));
}

const Plugin* Registry::find(PluginKind kind, std::string_view name) {
    const auto found = impl_->by_name.find(name);
    if (found == impl_->by_name.end()) return nullptr;
    for (Candidate& candidate : found->second) {
        if (candidate.promised().value_or(kind) != kind) continue;
        candidate.open();
        // A broken file hides a good one of its name in a later place: whoever put it first wants to know.
        if (candidate.plugin == nullptr) throw Error(fmt::format("{}: {}", candidate.file.string(), candidate.reason));
        if (candidate.plugin->kind == kind) return candidate.plugin.get();
    }
    return nullptr;
}

const Plugin& Registry::require(PluginKind kind, std::string_view name) {
    if (const Plugin* plugin = find(kind, name)) return *plugin;
    const PluginKind other = kind == PluginKind::optimizer ? PluginKind::schedule : PluginKind::optimizer;
    const std::string message = fmt::format("there is no {} '{}'", kind_word(kind), name);
    if (find(other, name) != nullptr)
        throw Error(message, fmt::format("'{}' is {} {}", name, other == PluginKind::optimizer ? "an" : "a", kind_word(other)));
    std::vector<std::string> names;
    for (const Plugin* plugin : all(kind)) names.push_back(plugin->description.name);
    if (names.empty()) throw Error(message, fmt::format("no {} was found at all: give --plugins DIR or set ETUDE_PLUGINS", kind_word(kind)));
    if (const Alias* alias = find_alias(kind, name)) throw Error(message, alias_text(*alias));
    throw Error(message, spelling_hint(name, names));
}

std::vector<const Plugin*> Registry::all(PluginKind kind) {
    std::vector<const Plugin*> plugins;
    for (auto& [name, candidates] : impl_->by_name) {
        bool is_hidden = false;  // by an earlier file of this name and kind, good or bad
        for (Candidate& candidate : candidates) {
            candidate.open();
            const bool counts = candidate.plugin ? candidate.plugin->kind == kind : candidate.promised().value_or(kind) == kind;
            if (counts && !is_hidden && candidate.plugin) plugins.push_back(candidate.plugin.get());
            is_hidden = is_hidden || counts;
        }
    }
    return plugins;
}

std::vector<RejectedFile> Registry::rejected() {
    std::vector<RejectedFile> files = impl_->missing;
    for (const auto& [name, candidates] : impl_->by_name)
        for (const Candidate& candidate : candidates)
            if (candidate.opened && candidate.plugin == nullptr) files.push_back({candidate.file, candidate.reason});
    std::ranges::sort(files, {}, &RejectedFile::file);
    return files;
}

}  // namespace etude
