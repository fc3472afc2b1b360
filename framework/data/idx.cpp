#include "data/idx.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "base/error.hpp"

namespace etude {
namespace {

constexpr std::uint32_t images_magic = 0x803, labels_magic = 0x801;
constexpr std::size_t largest_side = 4096, largest_count = 100'000'000;
constexpr unsigned header_buffer = 1024, body_buffer = 256 * 1024;  // bytes

/// Closes a descriptor that nobody took over.
class Descriptor {
  public:
    /// Not blocking: a pipe without a writer would otherwise be waited for.
    explicit Descriptor(const std::filesystem::path& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }

  private:
    int fd_;
};

/// A file read from its beginning, plain or gzip (zlib tells them apart by their first bytes).
class InputFile {
  public:
    /// `buffer` bytes are read, and inflated, at a time: few where only the header is wanted.
    InputFile(const std::filesystem::path& path, unsigned buffer) : path_(path) {
        Descriptor descriptor(path);
        struct ::stat status {};
        if (descriptor.get() < 0 || ::fstat(descriptor.get(), &status) != 0) throw Error(path.string() + ": cannot be read: " + std::strerror(errno));
        if (S_ISDIR(status.st_mode)) throw Error(path.string() + ": is a folder, not a file");
        if (!S_ISREG(status.st_mode)) throw Error(path.string() + ": is not a regular file");
        size_ = static_cast<std::size_t>(status.st_size);
        std::uint8_t ends[6] = {};  // the first two bytes and the last four
        const ssize_t first = ::pread(descriptor.get(), ends, 2, 0),
                      last = ::pread(descriptor.get(), ends + 2, 4, std::max<off_t>(0, status.st_size - 4));
        is_gzip_ = first == 2 && last == 4 && ends[0] == 0x1f && ends[1] == 0x8b;
        trailer_ = std::uint32_t{ends[2]} | std::uint32_t{ends[3]} << 8 | std::uint32_t{ends[4]} << 16 | std::uint32_t{ends[5]} << 24;
        file_.reset(::gzdopen(descriptor.get(), "rb"));
        if (!file_) throw Error(path.string() + ": cannot be read: " + std::strerror(ENOMEM));
        descriptor.release();
        ::gzbuffer(file_.get(), buffer);
    }

    /// The header promises `content` bytes, itself included: compares the file's size, or what gzip data end with (RFC 1952: their length modulo
    /// 2^32), so that a truncated file or one with something behind it is found without reading it, and no header makes us
    /// allocate what is not there.
    void expect_length(std::size_t content) const {
        constexpr std::size_t best_ratio = 1032;  // of deflate: 258 bytes from two bits
        if (!is_gzip_ && content > size_) throw Error(fmt::format("{}: truncated: {} bytes, its header promises {}", path_.string(), size_, content));
        if (!is_gzip_ && content < size_) throw Error(fmt::format("{}: {} bytes, its header promises only {}", path_.string(), size_, content));
        if (is_gzip_ && (trailer_ != static_cast<std::uint32_t>(content) || content / best_ratio > size_))
            throw Error(fmt::format("{}: truncated, or something follows the gzip data: its header promises {} bytes, its last four bytes say {}",
                                    path_.string(), content, trailer_));
    }

    /// Exactly `size` bytes of `what`.
    void read(void* to, std::size_t size, const char* what) {
        auto* at = static_cast<std::uint8_t*>(to);
        for (std::size_t done = 0; done < size;) {
            const auto chunk = static_cast<unsigned>(std::min<std::size_t>(size - done, 1u << 30));
            const int got = ::gzread(file_.get(), at + done, chunk);
            if (got < 0) fail();
            if (got == 0) throw Error(fmt::format("{}: truncated: {} of {} bytes of {}", path_.string(), done, size, what));
            done += static_cast<std::size_t>(got);
        }
    }

    /// Reads to the end; for gzip this is where the checksum is compared.
    void expect_end() {
        std::uint8_t byte;
        const int got = ::gzread(file_.get(), &byte, 1);
        if (got < 0) fail();
        if (got > 0) throw Error(path_.string() + ": longer than its header says");
    }

    std::uint32_t big_endian_word(const char* what) {
        std::uint8_t b[4];
        read(b, 4, what);
        return (std::uint32_t{b[0]} << 24) | (std::uint32_t{b[1]} << 16) | (std::uint32_t{b[2]} << 8) | b[3];
    }
    const std::filesystem::path& path() const { return path_; }

  private:
    [[noreturn]] void fail() {
        int code = Z_OK;
        const std::string text = ::gzerror(file_.get(), &code);  // "<fd:3>: incorrect data check"
        throw Error(path_.string() + ": damaged: " + (code == Z_ERRNO ? std::strerror(errno) : text.substr(text.find(": ") + 2)));
    }
    struct Close {
        void operator()(gzFile file) const noexcept { ::gzclose_r(file); }
    };
    std::filesystem::path path_;
    std::size_t size_ = 0;
    bool is_gzip_ = false;
    std::uint32_t trailer_ = 0;
    std::unique_ptr<gzFile_s, Close> file_;
};

void expect_magic(InputFile& file, std::uint32_t expected, const char* content) {
    const std::uint32_t magic = file.big_endian_word("the header");
    if (magic != expected)
        throw Error(fmt::format("{}: not an IDX file of {}: it begins with {:#010x}, not {:#010x}", file.path().string(), content, magic, expected));
}

IdxImages images_header(InputFile& file) {
    expect_magic(file, images_magic, "images");
    const IdxImages header{
        .count = file.big_endian_word("the header"), .height = file.big_endian_word("the header"), .width = file.big_endian_word("the header")};
    if (header.count == 0 || header.count > largest_count || header.height == 0 || header.height > largest_side || header.width == 0 ||
        header.width > largest_side)
        throw Error(fmt::format("{}: {} images of {} x {} are impossible", file.path().string(), header.count, header.height, header.width));
    file.expect_length(16 + header.count * header.height * header.width);
    return header;
}

std::size_t labels_header(InputFile& file) {
    expect_magic(file, labels_magic, "labels");
    const std::size_t count = file.big_endian_word("the header");
    if (count == 0 || count > largest_count) throw Error(fmt::format("{}: {} labels are impossible", file.path().string(), count));
    file.expect_length(8 + count);
    return count;
}

}  // namespace

IdxImages read_idx_images_header(const std::filesystem::path& path) {
    InputFile file(path, header_buffer);
    return images_header(file);
}

std::size_t read_idx_labels_header(const std::filesystem::path& path) {
    InputFile file(path, header_buffer);
    return labels_header(file);
}

void read_idx_images(const std::filesystem::path& path, std::size_t count, std::uint8_t* bytes) {
    InputFile file(path, body_buffer);
    const IdxImages header = images_header(file);
    ETUDE_ASSERT(count <= header.count, "more images than the file has");
    file.read(bytes, count * header.height * header.width, "images");
    if (count == header.count) file.expect_end();
}

std::vector<std::int32_t> read_idx_labels(const std::filesystem::path& path, std::size_t count, std::size_t classes) {
    InputFile file(path, body_buffer);
    const std::size_t all = labels_header(file);
    ETUDE_ASSERT(count <= all, "more labels than the file has");
    std::vector<std::uint8_t> bytes(count);
    file.read(bytes.data(), count, "labels");
    if (count == all) file.expect_end();
    for (std::size_t i = 0; i < count; ++i)
        if (bytes[i] >= classes)
            throw Error(fmt::format("{}: sample {} has label {}; the classes are 0 to {}", path.string(), i, bytes[i], classes - 1));
    return {bytes.begin(), bytes.end()};
}

}  // namespace etude
