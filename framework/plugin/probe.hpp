// framework/plugin/probe.hpp - can this file be a plugin at all? Asked of its headers before the loader sees it.
//
// Opening a truncated library kills the process (SIGBUS), so everything that the loader maps is checked against the file's size first.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

namespace etude {

/// Why `file` cannot be opened as a plugin, or nothing. Reads headers only.
std::optional<std::string> probe_library(const std::filesystem::path& file);

}  // namespace etude
