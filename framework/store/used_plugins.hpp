// framework/store/used_plugins.hpp - which plugins the results of a store were made with, beside its plan.
//
// Their bytes are part of the trials' ids already; this is for saying which of them has changed.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "plugin/registry.hpp"

namespace etude {

struct UsedPlugin {
    PluginKind kind = PluginKind::optimizer;
    std::string name, file;   ///< file: where it was found
    std::string hash, build;  ///< of the library's bytes, 16 hex digits; compiler and ABI version
    bool operator==(const UsedPlugin&) const = default;
};

/// Replaces what is there. `folder`: of a store that the caller has open for writing.
void put_used_plugins(const std::filesystem::path& folder, const std::vector<UsedPlugin>& plugins);
/// Those of the plan that was put last; empty where an earlier version wrote the store. `folder`: of a store that the caller has open.
std::vector<UsedPlugin> used_plugins(const std::filesystem::path& folder);

}  // namespace etude
