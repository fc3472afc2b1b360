// framework/cli/version.hpp - which etude this is.
#pragma once
#include <string>

namespace etude::cli {

/// "etude 0.1.0 (plugin ABI 1.1, oneDNN 2.6.3)".
std::string version_text();

}  // namespace etude::cli
