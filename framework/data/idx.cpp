#include "data/idx.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/error.hpp"

namespace etude {
namespace {

constexpr std::uint32_t images_magic = 0x803, labels_magic = 0x801;
constexpr std::size_t largest_side = 4096, largest_count = 100'000'000;

/// A file read from its beginning, plain or gzip (zlib tells them apart by their first bytes).
class InputFile {
  public:
    explicit InputFile(const std::filesystem::path& path) : path_(path) {
        if (std::filesystem::is_directory(path)) throw Error(path.string() + ": is a folder, not a file");
        errno = 0;
        file_.reset(::gzopen(path.c_str(), "rb"));
        if (!file_) throw Error(path.string() + ": cannot be read: " + std::strerror(errno != 0 ? errno : ENOMEM));
        ::gzbuffer(file_.get(), 256 * 1024);
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

    /// Nothing may follow; for gzip this is also where the checksum is compared.
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
        const char* const text = ::gzerror(file_.get(), &code);
        if (code == Z_BUF_ERROR) throw Error(path_.string() + ": truncated: the compressed data end too early");
        throw Error(path_.string() + ": damaged: " + (code == Z_ERRNO ? std::strerror(errno) : text));
    }
    struct Close {
        void operator()(gzFile file) const noexcept { ::gzclose_r(file); }
    };
    std::filesystem::path path_;
    std::unique_ptr<gzFile_s, Close> file_;
};

void expect_magic(InputFile& file, std::uint32_t expected, const char* content) {
    const std::uint32_t magic = file.big_endian_word("the header");
    if (magic != expected)
        throw Error(fmt::format("{}: not an IDX file of {}: it begins with {:#010x}, not {:#010x}", file.path().string(), content, magic, expected));
}

IdxImages images_header(InputFile& file) {
    expect_magic(file, images_magic, "images");
    const IdxImages header{.count = file.big_endian_word("the header"), .height = file.big_endian_word("the header"), .width = file.big_endian_word("the header")};
    if (header.count == 0 || header.count > largest_count || header.height == 0 || header.height > largest_side || header.width == 0 || header.width > largest_side)
        throw Error(fmt::format("{}: {} images of {} x {} are impossible", file.path().string(), header.count, header.height, header.width));
    return header;
}

std::size_t labels_header(InputFile& file) {
    expect_magic(file, labels_magic, "labels");
    const std::size_t count = file.big_endian_word("the header");
    if (count == 0 || count > largest_count) throw Error(fmt::format("{}: {} labels are impossible", file.path().string(), count));
    return count;
}

}  // namespace

IdxImages read_idx_images_header(const std::filesystem::path& path) {
    InputFile file(path);
    return images_header(file);
}

std::size_t read_idx_labels_header(const std::filesystem::path& path) {
    InputFile file(path);
    return labels_header(file);
}

void read_idx_images(const std::filesystem::path& path, std::size_t count, std::uint8_t* bytes) {
    InputFile file(path);
    const IdxImages header = images_header(file);
    ETUDE_ASSERT(count <= header.count, "more images than the file has");
    file.read(bytes, count * header.height * header.width, "images");
    if (count == header.count) file.expect_end();
}

std::vector<std::int32_t> read_idx_labels(const std::filesystem::path& path, std::size_t count, std::size_t classes) {
    InputFile file(path);
    const std::size_t all = labels_header(file);
    ETUDE_ASSERT(count <= all, "more labels than the file has");
    std::vector<std::uint8_t> bytes(count);
    file.read(bytes.data(), count, "labels");
    if (count == all) file.expect_end();
    for (std::size_t i = 0; i < count; ++i)
        if (bytes[i] >= classes) throw Error(fmt::format("{}: sample {} has label {}; the classes are 0 to {}", path.string(), i, bytes[i], classes - 1));
    return {bytes.begin(), bytes.end()};
}

}  // namespace etude
