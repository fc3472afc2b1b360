// framework/plugin/compile.hpp - a plugin's library from its one source file, made by the system's compiler and kept.
//
// Kept by content: source, headers (the SDK's and the author's own), compiler and flags. A file is written beside its place and renamed, so that
// any number of processes may do the same at once. The flags are those of etude_add_plugin (cmake/plugin_flags.txt).
#pragma once
#include <filesystem>
#include <vector>

namespace etude {

struct CompiledPlugin {
    std::filesystem::path library;  ///< named after the source, in the cache
    bool was_kept = false;          ///< nothing had to be compiled
};
/// Throws Error: no compiler, no SDK, no place for the cache, or the compiler's errors in the author's lines.
CompiledPlugin compile_plugin(const std::filesystem::path& source);

/// `source` and what it includes as #include "...", and so on from there, beside the file that says so; a header that is not there yet too.
/// Read from the text: a file that does not compile has headers as well.
std::vector<std::filesystem::path> with_own_headers(const std::filesystem::path& source);

/// Folder of the running program's files: two above the executable (build tree or installed prefix). Empty when the system does not say.
std::filesystem::path program_root();

}  // namespace etude
