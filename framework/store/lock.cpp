#include "store/lock.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"

namespace etude {
namespace {

/// Process and host that the file names; nothing while it is being written.
struct Holder {
    std::string process, host;
};
std::optional<Holder> holder_of(int descriptor) {
    std::array<char, 256> text{};
    const ssize_t got = ::pread(descriptor, text.data(), text.size(), 0);
    const auto words = split(trim(std::string_view(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0)), ' ');
    if (words.size() != 2) return std::nullopt;
    return Holder{words[0], words[1]};
}

std::string host_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

bool is_dead(const Holder& holder) {
    const auto process = parse_integer(holder.process);
    return process && holder.host == host_name() && ::kill(static_cast<pid_t>(*process), 0) != 0 && errno == ESRCH;
}

// A killed run's lock may outlive it for a moment in a child that was just being started, until that becomes another program.
constexpr int patience = 200;
constexpr std::chrono::milliseconds between_tries{10};

/// The last holder removes the file: a lock on a file that is no longer there locks nothing.
bool still_there(int descriptor, const std::filesystem::path& file) {
    struct stat held{}, named{};
    return ::fstat(descriptor, &held) == 0 && ::stat(file.c_str(), &named) == 0 && held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder) : file_(folder / "etude.lock") {
    const auto fail = [&] { throw Error(file_.string() + ": cannot be written: " + std::strerror(errno), "may you write in this folder?"); };
    for (int tries = 0;; ++tries) {
        descriptor_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (descriptor_ < 0) fail();
        if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
            const int why = errno;
            const std::optional<Holder> first = holder_of(descriptor_);
            ::close(descriptor_);
            errno = why;
            if (why != EWOULDBLOCK) fail();
            if (first && tries < patience && is_dead(*first)) {
                std::this_thread::sleep_for(between_tries);
                continue;
            }
            throw Error(folder.string() + ": in use by " + (first ? "process " + first->process + " on host '" + first->host + "'" : "another run"),
                        "wait until it has ended, or choose another folder with `--out`");
        }
        if (still_there(descriptor_, file_)) break;
        ::close(descriptor_);
    }
    const std::string line = std::to_string(::getpid()) + " " + host_name() + "\n";
    if (::ftruncate(descriptor_, 0) == 0 && ::pwrite(descriptor_, line.data(), line.size(), 0) == static_cast<ssize_t>(line.size())) return;
    const int why = errno;
    ::close(descriptor_);
    errno = why;
    fail();
}

FolderLock::~FolderLock() {
    // A fork's copy of this object must not take the parent's file away.
    std::array<char, 32> text{};
    const ssize_t got = ::pread(descriptor_, text.data(), text.size() - 1, 0);
    if (got > 0 && std::strtol(text.data(), nullptr, 10) == ::getpid()) ::unlink(file_.c_str());
    ::close(descriptor_);
}

}  // namespace etude
