#include "cli/watch.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "base/error.hpp"

namespace etude::cli {
namespace {

// Editors write a new file and rename it over the old one: the folder is watched, not the file.
constexpr std::uint32_t saves = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE;
constexpr int look_again = 100;  // ms: how long Ctrl-C may take
constexpr int settle = 50;       // ms without an event: whoever saves several files, or one in several steps, is done

bool has_events(int inotify, int milliseconds) {
    pollfd poll{.fd = inotify, .events = POLLIN, .revents = 0};
    return ::poll(&poll, 1, milliseconds) > 0;
}

}  // namespace

FileWatch::FileWatch(const std::vector<std::filesystem::path>& files) : inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    if (inotify_ < 0) throw Error(fmt::format("files cannot be watched: {}", std::strerror(errno)));
    for (const std::filesystem::path& file : files) {
        const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
        const int number = ::inotify_add_watch(inotify_, folder.c_str(), saves);
        if (number >= 0) {
            files_.push_back({number, file.filename().string()});
            continue;
        }
        if (errno == ENOENT) continue;  // a run says so in better words
        const std::string reason = std::strerror(errno);
        ::close(inotify_);
        throw Error(fmt::format("{}: cannot be watched: {}", folder.string(), reason));
    }
}

FileWatch::~FileWatch() { ::close(inotify_); }

bool FileWatch::saw_a_file_of_ours() {
    alignas(inotify_event) char buffer[4096];
    bool ours = false;
    for (ssize_t size = 0; (size = ::read(inotify_, buffer, sizeof buffer)) > 0;) {
        for (ssize_t at = 0; at < size;) {
            const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
            const std::string name = event->len > 0 ? event->name : "";
            ours = ours || std::ranges::any_of(files_, [&](const Watched& file) { return file.folder == event->wd && file.name == name; });
            at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
        }
    }
    return ours;
}

bool FileWatch::wait(const std::atomic<bool>& stop) {
    bool changed = false;
    while (!stop.load()) {
        if (!has_events(inotify_, changed ? settle : look_again)) {
            if (changed) return true;
            continue;
        }
        changed = saw_a_file_of_ours() || changed;
    }
    return false;
}

}  // namespace etude::cli
