#include "data/input_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <lzma.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace etude {
namespace {

constexpr std::uint64_t xz_memory = std::uint64_t{1} << 30;  // bytes: `xz -9` needs 65 MiB to unpack

/// Closes a descriptor that nobody took over.
class Descriptor {
  public:
    /// Not blocking: a pipe without a writer would otherwise be waited for.
    explicit Descriptor(const std::filesystem::path& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }

  private:
    int fd_;
};

[[noreturn]] void cannot_be_read(const std::filesystem::path& path, int error) {
    throw Error(path.string() + ": cannot be read: " + std::strerror(error));
}

const char* xz_text(lzma_ret code) {
    switch (code) {
        case LZMA_FORMAT_ERROR:
            return "not in the xz format";
        case LZMA_OPTIONS_ERROR:
            return "unsupported options";
        case LZMA_BUF_ERROR:
            return "the xz data end too early";
        case LZMA_MEMLIMIT_ERROR:
            return "unpacking needs more than 1 GiB";
        case LZMA_MEM_ERROR:
            return "out of memory";
        default:
            return "corrupt xz data";
    }
}

[[noreturn]] void damaged(const std::filesystem::path& path, lzma_ret code) { throw Error(path.string() + ": damaged: " + xz_text(code)); }

struct XzStream {
    lzma_stream stream = LZMA_STREAM_INIT;
    XzStream() = default;
    XzStream(const XzStream&) = delete;
    XzStream& operator=(const XzStream&) = delete;
    ~XzStream() { lzma_end(&stream); }
};

/// How long the content of an xz file is, from its index: reads a few hundred bytes from its end.
std::size_t xz_unpacked(int descriptor, const std::filesystem::path& path, std::size_t size) {
    XzStream xz;
    lzma_index* index = nullptr;
    if (const lzma_ret code = lzma_file_info_decoder(&xz.stream, &index, xz_memory, size); code != LZMA_OK) damaged(path, code);
    std::array<std::uint8_t, 4096> buffer;
    off_t at = 0;
    for (lzma_ret code = LZMA_OK; code != LZMA_STREAM_END;) {
        if (xz.stream.avail_in == 0) {
            const ssize_t got = ::pread(descriptor, buffer.data(), buffer.size(), at);
            if (got < 0) cannot_be_read(path, errno);
            xz.stream.next_in = buffer.data();
            xz.stream.avail_in = static_cast<std::size_t>(got);
            at += got;
        }
        code = lzma_code(&xz.stream, LZMA_RUN);
        if (code == LZMA_SEEK_NEEDED) {
            at = static_cast<off_t>(xz.stream.seek_pos);
            xz.stream.avail_in = 0;
            code = LZMA_OK;
        }
        if (code != LZMA_OK && code != LZMA_STREAM_END)
            throw Error(path.string() + ": truncated or damaged: there is no xz index at its end");
    }
    const auto unpacked = static_cast<std::size_t>(lzma_index_uncompressed_size(index));
    lzma_index_end(index, nullptr);
    return unpacked;
}

}  // namespace

struct InputFile::Source {
    virtual ~Source() = default;
    /// Up to `size` unpacked bytes; 0 at the end. Throws Error when the data are damaged.
    virtual std::size_t read_some(std::uint8_t* to, std::size_t size, const std::filesystem::path& path) = 0;
};

struct InputFile::GzipSource final : Source {
    GzipSource(Descriptor descriptor, unsigned buffer, const std::filesystem::path& path) : file(::gzdopen(descriptor.get(), "rb")) {
        if (!file) cannot_be_read(path, ENOMEM);
        descriptor.release();
        ::gzbuffer(file.get(), buffer);
    }
    std::size_t read_some(std::uint8_t* to, std::size_t size, const std::filesystem::path& path) override {
        const int got = ::gzread(file.get(), to, static_cast<unsigned>(std::min<std::size_t>(size, 1u << 30)));
        if (got >= 0) return static_cast<std::size_t>(got);
        int code = Z_OK;
        const std::string text = ::gzerror(file.get(), &code);  // "<fd:3>: incorrect data check"
        throw Error(path.string() + ": damaged: " + (code == Z_ERRNO ? std::strerror(errno) : text.substr(text.find(": ") + 2)));
    }
    struct Close {
        void operator()(gzFile opened) const noexcept { ::gzclose_r(opened); }
    };
    std::unique_ptr<gzFile_s, Close> file;
};

struct InputFile::XzSource final : Source {
    XzSource(Descriptor taken, unsigned size, const std::filesystem::path& path) : descriptor(std::move(taken)), buffer(size) {
        if (const lzma_ret code = lzma_stream_decoder(&xz.stream, xz_memory, LZMA_CONCATENATED); code != LZMA_OK) damaged(path, code);
    }
    std::size_t read_some(std::uint8_t* to, std::size_t size, const std::filesystem::path& path) override {
        xz.stream.next_out = to;
        xz.stream.avail_out = size;
        while (!ended && xz.stream.avail_out == size) {
            if (xz.stream.avail_in == 0 && !file_ended) {
                const ssize_t got = ::read(descriptor.get(), buffer.data(), buffer.size());
                if (got < 0) cannot_be_read(path, errno);
                xz.stream.next_in = buffer.data();
                xz.stream.avail_in = static_cast<std::size_t>(got);
                file_ended = got == 0;
            }
            const lzma_ret code = lzma_code(&xz.stream, file_ended ? LZMA_FINISH : LZMA_RUN);
            ended = code == LZMA_STREAM_END;
            if (code != LZMA_OK && !ended) damaged(path, code);
        }
        return size - xz.stream.avail_out;
    }
    Descriptor descriptor;
    std::vector<std::uint8_t> buffer;
    XzStream xz;
    bool file_ended = false, ended = false;
};

InputFile::InputFile(const std::filesystem::path& path, unsigned buffer) : path_(path) {
    Descriptor descriptor(path);
    struct ::stat status {};
    if (descriptor.get() < 0 || ::fstat(descriptor.get(), &status) != 0) cannot_be_read(path, errno);
    if (S_ISDIR(status.st_mode)) throw Error(path.string() + ": is a folder, not a file");
    if (!S_ISREG(status.st_mode)) throw Error(path.string() + ": is not a regular file");
    size_ = static_cast<std::size_t>(status.st_size);
    std::uint8_t first[6] = {}, last[4] = {};
    const ssize_t begin = ::pread(descriptor.get(), first, sizeof first, 0),
                  end = ::pread(descriptor.get(), last, sizeof last, std::max<off_t>(0, status.st_size - 4));
    if (begin >= 2 && end == 4 && first[0] == 0x1f && first[1] == 0x8b) {
        packing_ = Packing::gzip;
        unpacked_ = std::uint32_t{last[0]} | std::uint32_t{last[1]} << 8 | std::uint32_t{last[2]} << 16 | std::uint32_t{last[3]} << 24;
    } else if (begin == 6 && std::memcmp(first, "\xfd" "7zXZ\0", 6) == 0) {
        packing_ = Packing::xz;
        unpacked_ = xz_unpacked(descriptor.get(), path, size_);
    }
    if (packing_ == Packing::xz) source_ = std::make_unique<XzSource>(std::move(descriptor), buffer, path);
    else source_ = std::make_unique<GzipSource>(std::move(descriptor), buffer, path);
}

InputFile::InputFile(InputFile&&) noexcept = default;
InputFile::~InputFile() = default;

void InputFile::expect_length(std::size_t content, const std::string& promise) const {
    constexpr std::size_t best_ratio = 1032;      // of deflate: 258 bytes from two bits
    constexpr std::size_t best_xz_ratio = 16384;  // of LZMA2: two mebibytes of zeros take about 300 bytes
    if (packing_ == Packing::gzip) {
        if (unpacked_ != static_cast<std::uint32_t>(content) || content / best_ratio > size_)
            throw Error(fmt::format("{}: truncated, or something follows the gzip data: {} {} bytes, its last four bytes say {}", path_.string(),
                                    promise, content, unpacked_));
        return;
    }
    const std::size_t length = packing_ == Packing::xz ? unpacked_ : size_;
    if (content > length) throw Error(fmt::format("{}: truncated: {} bytes, {} {}", path_.string(), length, promise, content));
    if (content < length) throw Error(fmt::format("{}: {} bytes, {} only {}", path_.string(), length, promise, content));
    if (packing_ == Packing::xz && content / best_xz_ratio > size_)
        throw Error(fmt::format("{}: damaged: {} bytes cannot be unpacked from {}", path_.string(), content, size_));
}

void InputFile::read(void* to, std::size_t size, const char* what) {
    auto* at = static_cast<std::uint8_t*>(to);
    for (std::size_t done = 0; done < size;) {
        const std::size_t got = source_->read_some(at + done, size - done, path_);
        if (got == 0) throw Error(fmt::format("{}: truncated: {} of {} bytes of {}", path_.string(), done, size, what));
        done += got;
    }
}

void InputFile::expect_end() {
    std::uint8_t byte;
    if (source_->read_some(&byte, 1, path_) > 0) throw Error(path_.string() + ": longer than it should be");
}

std::uint32_t InputFile::big_endian_word(const char* what) {
    std::uint8_t b[4];
    read(b, 4, what);
    return (std::uint32_t{b[0]} << 24) | (std::uint32_t{b[1]} << 16) | (std::uint32_t{b[2]} << 8) | b[3];
}

}  // namespace etude
