// framework/sweep/progress.hpp - how far a sweep is: one line that is rewritten on a terminal, a plain line now and then in a log.
// Thread safety: finished() may be called by several threads.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <mutex>
#include <string>

#include "train/record.hpp"

namespace etude {

class Progress {
  public:
    /// Writes to `out` (a terminal gets the bar); nullptr is silent. `total` trials are to be run by `workers`.
    Progress(std::FILE* out, std::size_t total, std::size_t workers);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    void finished(Status status);

  private:
    using Clock = std::chrono::steady_clock;
    void draw(Clock::time_point now);
    std::string line(Clock::time_point now) const;

    std::FILE* const out_;
    const bool terminal_;
    const std::size_t total_, workers_;
    const Clock::time_point start_;
    std::mutex mutex_;  // guards what follows
    Clock::time_point drawn_;
    std::size_t done_ = 0, diverged_ = 0, failed_ = 0;
};

/// "250 ms", "41 s", "3 min 20 s", "2 h 5 min".
std::string duration_text(double seconds);

}  // namespace etude
