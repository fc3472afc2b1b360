// framework/plugin/child.hpp - a program run to its end, with all that it said.
#pragma once
#include <string>
#include <vector>

namespace etude {

struct ChildOutcome {
    bool was_started = false;  ///< false: there is no such program, or it may not be run
    int code = 0;              ///< exit code; 128 + signal when a signal ended it
    std::string text;          ///< stdout and stderr as they came
};
/// Runs `arguments[0]`, looked for in PATH, with messages in English (LC_ALL=C) and nothing to read.
ChildOutcome run_child(const std::vector<std::string>& arguments);

/// Everything that can be read from `fd` until its other end is closed.
std::string read_to_end(int fd);

}  // namespace etude
