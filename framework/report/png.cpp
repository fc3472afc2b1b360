// PNG (ISO/IEC 15948): a signature, then chunks of length, name, data and the CRC of name and data. Rows begin with the number of their filter (0).
#include "report/png.hpp"

#include <zlib.h>

#include "base/error.hpp"

namespace etude {
namespace {

std::string big_endian(std::size_t value) {
    std::string bytes;
    for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>((value >> shift) & 255U);
    return bytes;
}

std::string chunk(const std::string& name, const std::string& data) {
    const std::string body = name + data;
    const auto crc = ::crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
    return big_endian(data.size()) + body + big_endian(crc);
}

std::string deflated(const std::string& bytes) {
    uLongf size = ::compressBound(bytes.size());
    std::string out(size, '\0');
    const int code = ::compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), 9);
    ETUDE_ASSERT(code == Z_OK, "zlib compresses into a buffer of the size it asked for");
    out.resize(size);
    return out;
}

}  // namespace

std::string png_of(const Image& image) {
    std::string rows;
    for (std::size_t row = 0; row < image.height; ++row) {
        rows += '\0';
        rows.append(reinterpret_cast<const char*>(image.pixels.data()) + row * image.width * 3, image.width * 3);
    }
    const std::string eight_bit_rgb{8, 2, 0, 0, 0};
    return "\x89PNG\r\n\x1a\n" + chunk("IHDR", big_endian(image.width) + big_endian(image.height) + eight_bit_rgb) + chunk("IDAT", deflated(rows)) +
           chunk("IEND", "");
}

std::string base64(const std::string& bytes) {
    static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t three = 0;
        for (std::size_t j = 0; j < 3; ++j) three = (three << 8) | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j) text += i + j <= bytes.size() ? letters[(three >> (18 - 6 * j)) & 63U] : '=';
    }
    return text;
}

}  // namespace etude
