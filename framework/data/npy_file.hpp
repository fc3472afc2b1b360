// framework/data/npy_file.hpp - NumPy's .npy files, format 1.0 and 2.0, plain, gzip or xz.
//
// "\x93NUMPY", two bytes of version, the little-endian length of a header (2 bytes in 1.0, 4 in 2.0), a Python dictionary as text with 'descr',
// 'fortran_order' and 'shape', then the numbers. Source: NumPy, numpy.lib.format.
#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

namespace etude {

enum class NpyType { float32, float64, uint8, int64 };

struct NpyHeader {
    NpyType type = NpyType::float32;
    std::vector<std::size_t> shape;
    std::size_t count() const;  ///< of numbers
};

struct NpyArray {
    NpyHeader header;
    std::vector<std::uint8_t> content;  ///< the numbers as the file has them, in C order
    double number(std::size_t i) const;
};

/// Both throw Error "FILE: ..." for what is no such file, is truncated, has something behind it, or holds numbers that we do not read (other types,
/// big-endian, Fortran order).
NpyHeader read_npy_header(const std::filesystem::path& file);
NpyArray read_npy(const std::filesystem::path& file);

}  // namespace etude
