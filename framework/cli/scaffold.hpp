// framework/cli/scaffold.hpp - a folder with a plugin that works, for its author to change.
#pragma once
#include <filesystem>
#include <string>

#include "plugin/registry.hpp"

namespace etude::cli {

/// Writes NAME.cpp, study.yaml, CMakeLists.txt and README.md into `folder` (made if need be) and gives the text that says so and what to do next.
/// Throws Error: the name is no plugin's or taken, the folder holds something.
std::string make_scaffold(PluginKind kind, const std::string& name, const std::filesystem::path& folder);

}  // namespace etude::cli
