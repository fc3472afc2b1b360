// framework/study/document.hpp - a study as one tree: its file, the files it includes, and what the command line says.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "study/path.hpp"

namespace etude {

struct Document {
    Node root;             ///< a mapping at 1:1; overrides are in it
    std::string text;      ///< of the study file
    bool is_whole = true;  ///< could every file be read? If not, what is missing cannot be said
};

/// Throws Error when `file` itself cannot be read; all else goes to `diagnostics`.
Document read_document(const std::filesystem::path& file, const std::vector<std::string>& overrides, Diagnostics& diagnostics);

/// `file` and all that it includes, each once, as far as they can be read: what a run depends on, for those who wait for a change.
std::vector<std::filesystem::path> files_of_study(const std::filesystem::path& file);

}  // namespace etude
