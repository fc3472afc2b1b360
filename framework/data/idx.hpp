// framework/data/idx.hpp - IDX files (the format of MNIST), plain or gzip.
//
// A header of big-endian 32-bit words - a magic number (0x801: bytes in one dimension, 0x803: in three), then the dimensions - and the bytes.
#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

namespace etude {

struct IdxImages {
    std::size_t count = 0, height = 0, width = 0;
};

/// Reads the header only. All throw Error "FILE: ..." for what is no such file, or is not whole.
IdxImages read_idx_images_header(const std::filesystem::path& file);
std::size_t read_idx_labels_header(const std::filesystem::path& file);

/// The first `count` images into `bytes` [count, height, width]; when they are all, what comes after them is an error too.
void read_idx_images(const std::filesystem::path& file, std::size_t count, std::uint8_t* bytes);
/// The first `count` labels; one that is not below `classes` is an error.
std::vector<std::int32_t> read_idx_labels(const std::filesystem::path& file, std::size_t count, std::size_t classes);

}  // namespace etude
