// framework/store/used_plugins.hpp - which plugins the results of a store were made with, beside its plan.
//
// Their bytes are part of the trials' ids already; this is for saying which of them has changed.
#pragma once
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

/// As the store keeps them.
std::string used_plugins_to_json(const std::vector<UsedPlugin>& plugins);
/// Throws Error "damaged: ..." when the text is not theirs.
std::vector<UsedPlugin> used_plugins_from_json(const std::string& text);

}  // namespace etude
