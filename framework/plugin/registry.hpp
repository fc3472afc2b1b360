// framework/plugin/registry.hpp - which plugins there are, the bad ones with their reasons.
//
// A scan lists files only; a library is probed, opened and checked when a study names it or `list` asks. Libraries are never unloaded.
// Thread safety: not while plugins are being looked up; every Plugin is const afterwards.
#pragma once
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "sdk/abi.h"

namespace etude {

enum class PluginKind { optimizer, schedule };
/// "optimizer", "schedule".
const char* kind_word(PluginKind kind);

struct PresetInfo {
    std::string name, doc;
    Values values;       ///< one per parameter; what equals the parameter's fallback is left alone
    double lr = 0;       ///< 0: none
    std::uint32_t unit = 0, ends = 0, after = 0;  ///< schedules: 0 as the core, else the enum (plugin/spec.hpp) + 1
};

/// An opened, checked plugin. The table lives as long as the process.
struct Plugin {
    PluginKind kind;
    Kind description;                  ///< name, summary, source, parameters
    std::vector<PresetInfo> presets;
    double lr = 0;                     ///< optimizers: base rate when study and preset give none; 0: the study must say
    std::vector<std::string> slots;    ///< optimizers
    bool observes = false;             ///< schedules: watches the run
    bool elementwise = false;          ///< optimizers: element i of weights and slots depends on element i alone
    bool global = false;               ///< optimizers: sums over all weights, so parts are never stepped on their own
    bool averages = false;             ///< optimizers: say themselves at which weights to evaluate
    bool probes = false;               ///< optimizers: look at the loss at other weights before a step
    std::filesystem::path file;        ///< as it was found: a library, or the source it was compiled from
    std::uint64_t file_hash = 0;       ///< of the library's bytes: part of a trial's identity
    std::string build;                 ///< compiler, ABI version
    const etude_table* table = nullptr;
    const PresetInfo* find_preset(std::string_view name) const;
};

struct RejectedFile {
    std::filesystem::path file;
    std::string reason;
};

class Registry {
  public:
    /// `extra` (--plugins: folders, libraries, or sources, which are compiled: plugin/compile.hpp), then ETUDE_PLUGINS (colon-separated), then
    /// the plugins beside the executable: of two files with one name the first wins. Throws Error when a path of `extra` does not exist or
    /// does not compile.
    static Registry standard(const std::vector<std::filesystem::path>& extra = {});
    /// Exactly these folders (with their subfolders optimizers/ and schedules/) and files.
    static Registry scan(const std::vector<std::filesystem::path>& places);
    Registry(Registry&&) noexcept;
    Registry& operator=(Registry&&) noexcept;
    ~Registry();

    /// The plugin, opened if need be; nullptr when no file has that name or it is of the other kind. Throws Error with the reason
    /// when its file is rejected.
    const Plugin* find(PluginKind kind, std::string_view name);
    /// As find; an unknown name throws Error "there is no optimizer 'adma'" with a spelling hint.
    const Plugin& require(PluginKind kind, std::string_view name);
    /// Opens everything. Sorted by name.
    std::vector<const Plugin*> all(PluginKind kind);
    /// After all(): the files that were refused, sorted by path, each with its reason.
    std::vector<RejectedFile> rejected();

  private:
    struct Impl;
    explicit Registry(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace etude
