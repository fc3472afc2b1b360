// framework/report/png.hpp - an image as PNG, to stand inside an SVG.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace etude {

/// 8-bit red, green, blue; rows from the top.
struct Image {
    std::size_t width = 0, height = 0;
    std::vector<std::uint8_t> pixels{};  ///< [height, width, 3]
};
std::string png_of(const Image& image);
std::string base64(const std::string& bytes);

}  // namespace etude
