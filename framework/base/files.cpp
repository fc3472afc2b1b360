#include "base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/error.hpp"

namespace etude {
namespace {

class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { if (fd_ >= 0) ::close(fd_); }
    int get() const { return fd_; }
    /// Closes now and says whether that worked: some file systems report a full disk only here.
    bool close() { return ::close(std::exchange(fd_, -1)) == 0; }

  private:
    int fd_;
};

bool write_all(int fd, std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

std::string read_file(const std::filesystem::path& file) {
    const auto fail = [&](int reason) { throw Error(file.string() + ": cannot be read: " + std::strerror(reason)); };
    Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (in.get() < 0) fail(errno);
    std::string content;
    char chunk[1 << 16];
    for (;;) {
        const ssize_t got = ::read(in.get(), chunk, sizeof chunk);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail(errno);
        if (got == 0) return content;
        content.append(chunk, static_cast<std::size_t>(got));
    }
}

namespace {

template <class Before> void write_and_rename(const std::filesystem::path& file, std::string_view content, Before&& before_it_is_closed) {
    const std::filesystem::path beside = file.string() + ".part" + std::to_string(::getpid());
    const auto fail = [&] {
        const int reason = errno;
        ::unlink(beside.c_str());
        throw Error(file.string() + ": cannot be written: " + std::strerror(reason));
    };
    Descriptor out(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (out.get() < 0) fail();
    if (!write_all(out.get(), content) || !before_it_is_closed(out.get()) || !out.close()) fail();
    if (::rename(beside.c_str(), file.c_str()) != 0) fail();
}

}  // namespace

void write_file(const std::filesystem::path& file, std::string_view content) {
    write_and_rename(file, content, [](int) { return true; });
}

void write_file_to_disk(const std::filesystem::path& file, std::string_view content) {
    write_and_rename(file, content, [](int descriptor) { return ::fsync(descriptor) == 0; });
}

}  // namespace etude
