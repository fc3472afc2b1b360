// framework/cli/signals.hpp - Ctrl-C and SIGTERM: the first raises a flag that the sweep looks at, the second ends the process as usual.
#pragma once
#include <atomic>

namespace etude::cli {

/// Installs the handlers and gives the flag they raise.
const std::atomic<bool>& watch_signals();
/// The signal that came (SIGINT, SIGTERM), or 0.
int caught_signal();

}  // namespace etude::cli
