#include "sweep/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace etude {
namespace {

constexpr std::chrono::milliseconds terminal_interval{100};
constexpr std::chrono::seconds log_interval{10};
constexpr std::size_t bar_width = 24;

}  // namespace

std::string duration_text(double seconds) {
    if (seconds < 1) return fmt::format("{:.0f} ms", seconds * 1000);
    if (seconds < 120) return fmt::format("{:.{}f} s", seconds, seconds < 10 ? 1 : 0);
    const auto whole = static_cast<long long>(seconds);
    if (whole < 7200) return fmt::format("{} min {} s", whole / 60, whole % 60);
    return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

Progress::Progress(std::FILE* out, std::size_t total, std::size_t workers)
    : out_(out), terminal_(out != nullptr && ::isatty(::fileno(out)) == 1), total_(total), workers_(workers), start_(Clock::now()), drawn_(start_) {}

Progress::~Progress() {
    if (out_ == nullptr || done_ == 0) return;
    draw(Clock::now());
    if (terminal_) std::fputc('\n', out_);
}

void Progress::finished(Status status) {
    const std::lock_guard lock(mutex_);
    ++done_;
    diverged_ += status == Status::diverged;
    failed_ += status == Status::failed;
    const Clock::time_point now = Clock::now();
    if (out_ == nullptr || now - drawn_ < (terminal_ ? Clock::duration(terminal_interval) : Clock::duration(log_interval))) return;
    draw(now);
}

std::string Progress::line(Clock::time_point now) const {
    const double elapsed = std::chrono::duration<double>(now - start_).count();
    const double rate = static_cast<double>(done_) / std::max(elapsed, 1e-9);
    std::string text = fmt::format("{}/{} trials", done_, total_);
    if (diverged_ > 0) text += fmt::format(", {} diverged", diverged_);
    if (failed_ > 0) text += fmt::format(", {} failed", failed_);
    text += fmt::format("  {:.{}f} trials/s", rate, rate < 10 ? 2 : 0);
    if (done_ < total_) text += "  " + duration_text(static_cast<double>(total_ - done_) / rate) + " left";
    else text += fmt::format("  {} on {} {}", duration_text(elapsed), workers_, workers_ == 1 ? "worker" : "workers");
    return text;
}

void Progress::draw(Clock::time_point now) {
    drawn_ = now;
    if (terminal_) {
        const std::size_t filled = total_ == 0 ? bar_width : bar_width * done_ / total_;
        // \033[K clears what a longer line left behind.
        fmt::print(out_, "\r[{}{}] {}\033[K", std::string(filled, '#'), std::string(bar_width - filled, '.'), line(now));
    } else {
        fmt::print(out_, "{}\n", line(now));
    }
    std::fflush(out_);
}

}  // namespace etude
