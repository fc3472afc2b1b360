// framework/plugin/conformance_run.hpp - the conformance checks of one file in a child process: a crash of the plugin is a failed check.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace etude {

struct CheckOutcome {
    std::string name;
    std::vector<std::string> problems;
};
struct ConformanceReport {
    std::vector<CheckOutcome> checks;  ///< in the order of their runs; a crash ends the list
    bool passed() const;
    /// "  ok      NAME" and "  failed  NAME", with the problems (at most five of a check) indented under it.
    std::string text() const;
};
/// Opens `file` (a library, or a source, compiled) and checks it, all in a child. The process must have one thread only.
/// Throws Error when no child can be started.
ConformanceReport check_in_child(const std::filesystem::path& file);

}  // namespace etude
