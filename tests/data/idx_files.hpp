// tests/data/idx_files.hpp - small IDX files, whole and broken, as the tests want them.
#pragma once
#include <zlib.h>

#include <cstdint>
#include <stdexcept>
#include <string>

#include "base/files.hpp"
#include "support/temporary_folder.hpp"

namespace etude::test {

inline std::string word(std::uint32_t value) {
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8), static_cast<char>(value)};
}

/// Images whose bytes count up from `first` (modulo 256).
inline std::string idx_images(std::uint32_t count, std::uint32_t height, std::uint32_t width, unsigned first = 0) {
    std::string text = word(0x803) + word(count) + word(height) + word(width);
    for (std::uint32_t i = 0; i < count * height * width; ++i) text += static_cast<char>(first + i);
    return text;
}

/// Labels 0, 1, ... 9, 0, ...
inline std::string idx_labels(std::uint32_t count) {
    std::string text = word(0x801) + word(count);
    for (std::uint32_t i = 0; i < count; ++i) text += static_cast<char>(i % 10);
    return text;
}

inline std::string gzip(const std::string& content) {
    z_stream stream{};
    if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::runtime_error("deflateInit2");
    std::string packed(deflateBound(&stream, content.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<unsigned>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<unsigned>(packed.size());
    const int result = deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    if (result != Z_STREAM_END) throw std::runtime_error("deflate");
    return packed;
}

inline constexpr const char* train_images = "train-images-idx3-ubyte";
inline constexpr const char* train_labels = "train-labels-idx1-ubyte";
inline constexpr const char* test_images = "t10k-images-idx3-ubyte";
inline constexpr const char* test_labels = "t10k-labels-idx1-ubyte";

/// The four files of 40 + 20 images of 2 x 3, plain, below `prefix` of `folder`.
inline void write_idx_set(const TemporaryFolder& folder, const std::string& prefix = "") {
    folder.write(prefix + train_images, idx_images(40, 2, 3));
    folder.write(prefix + train_labels, idx_labels(40));
    folder.write(prefix + test_images, idx_images(20, 2, 3, 7));
    folder.write(prefix + test_labels, idx_labels(20));
}

}  // namespace etude::test
