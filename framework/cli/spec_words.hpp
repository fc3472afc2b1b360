// framework/cli/spec_words.hpp - SPECs on the command line: `'{name: cosine, end: 0.001}'`, or `cosine end=0.001`.
#pragma once
#include <string>
#include <vector>

namespace etude::cli {

/// One text for each SPEC: a word with `=` belongs to the name before it.
std::vector<std::string> join_specs(const std::vector<std::string>& words);

}  // namespace etude::cli
