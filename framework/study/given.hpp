// framework/study/given.hpp - the parameters of a plugin as a study gives them, checked one by one.
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "plugin/registry.hpp"
#include "plugin/resolve.hpp"
#include "study/parts.hpp"

namespace etude {

/// The plugin that `part` names; nullptr after an error (or where a sweep may give the name).
const Plugin* read_plugin(const Node& part, PluginKind kind, Registry& registry, Reading reading, Diagnostics& diagnostics);

/// `preset:`, or "" without; nothing after an error.
std::optional<std::string> read_preset(const Node& part, const Plugin& plugin, Diagnostics& diagnostics);

/// Every entry that is no key of the host (`host_key` deals with those and reports them) as a value of the plugin's parameters.
/// `plugin` may be null: then the keys of the host alone are dealt with. Nothing after an error.
std::optional<std::vector<GivenValue>> read_given(const Node& part, const Plugin* plugin, const std::function<bool(const Entry&)>& host_key,
                                                  const std::vector<std::string>& host_keys, Diagnostics& diagnostics);

/// Shows problems of a resolution at the keys they belong to. True when there are any.
bool report_problems(const Node& part, const std::vector<ResolveProblem>& problems, Diagnostics& diagnostics);

}  // namespace etude
