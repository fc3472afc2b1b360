#include "cli/signals.hpp"

#include <csignal>

namespace etude::cli {
namespace {

// A signal handler can reach nothing but static storage: the only mutable state of the program that outlives a call.
std::atomic<bool> stop_requested{false};
std::atomic<int> signal_number{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

void handle(int number) {
    signal_number.store(number);
    stop_requested.store(true);
    std::signal(number, SIG_DFL);  // the second one does what it always does
}

}  // namespace

const std::atomic<bool>& watch_signals() {
    std::signal(SIGINT, handle);
    std::signal(SIGTERM, handle);
    return stop_requested;
}

int caught_signal() { return signal_number.load(); }

}  // namespace etude::cli
