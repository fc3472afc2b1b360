// framework/plugin/conformance.hpp - what every plugin must do, whoever wrote it: the checks of `etude plugin check` and of the tests.
//
// A check runs the plugin in its default, every preset, and every word of every choice and every flag. Parameters without a default get an
// example. A plugin that breaks the rules may also break the process: conformance_run.hpp puts a child around it.
// Thread safety: as the plugin's; nothing of ours is shared.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "plugin/registry.hpp"

namespace etude {

struct ConformanceCheck {
    std::string name;  ///< a claim: "a rate of 0 leaves the weights alone"
    /// What contradicts the claim, each with the configuration; empty: it holds.
    std::vector<std::string> (*run)(const Plugin& plugin);
    bool applies(const Plugin& plugin) const { return for_which == nullptr || for_which(plugin); }
    bool (*for_which)(const Plugin& plugin) = nullptr;
};
/// In the order in which they are best read: the declared table first.
std::span<const ConformanceCheck> conformance_checks(PluginKind kind);

}  // namespace etude
