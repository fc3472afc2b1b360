// framework/data/input_file.hpp - a file read once from its beginning: plain, gzip or xz, told apart by its first bytes, not by its name.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace etude {

class InputFile {
  public:
    /// `buffer` bytes are read, and unpacked, at a time: few where only the header is wanted. Throws Error "FILE: ..." for what is no regular file.
    InputFile(const std::filesystem::path& path, unsigned buffer);
    InputFile(InputFile&&) noexcept;
    ~InputFile();

    /// `promise` ("its header promises") `content` bytes in all: compares the file's size, what gzip data end with (RFC 1952: their length modulo
    /// 2^32) or what the index of xz data says, so that a truncated file or one with something behind it is found without unpacking it, and
    /// no header makes us allocate what is not there.
    void expect_length(std::size_t content, const std::string& promise) const;
    /// Exactly `size` bytes of `what`.
    void read(void* to, std::size_t size, const char* what);
    /// Reads to the end; for packed files this is where the checksum is compared.
    void expect_end();
    std::uint32_t big_endian_word(const char* what);
    const std::filesystem::path& path() const { return path_; }

  private:
    enum class Packing { none, gzip, xz };
    struct Source;      // where unpacked bytes come from
    struct GzipSource;  // zlib reads plain files too
    struct XzSource;

    std::filesystem::path path_;
    std::size_t size_ = 0;  // of the file, packed
    Packing packing_ = Packing::none;
    std::size_t unpacked_ = 0;  // gzip: modulo 2^32; xz: as the index says
    std::unique_ptr<Source> source_;
};

}  // namespace etude
