#include "interchange/wire.hpp"

#include <array>
#include <bit>

namespace etude {
namespace {

std::string little_endian_text(std::uint64_t bits, int count) {
    std::string text;
    for (int i = 0; i < count; ++i, bits >>= 8U) text += static_cast<char>(bits & 0xFFU);
    return text;
}

constexpr std::array<std::uint32_t, 256> crc_table = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t rest = byte;
        for (int bit = 0; bit < 8; ++bit) rest = rest >> 1U ^ ((rest & 1U) != 0 ? 0x82F63B78U : 0U);
        table[byte] = rest;
    }
    return table;
}();

/// A sum of data that hold sums of their own is weak: the format turns and shifts it.
std::uint32_t masked(std::uint32_t crc) { return std::rotr(crc, 15) + 0xA282EAD8U; }

}  // namespace

void Message::varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) bytes_ += static_cast<char>(value | 0x80U);
    bytes_ += static_cast<char>(value);
}

void Message::little_endian(std::uint64_t bits, int count) { bytes_ += little_endian_text(bits, count); }

Message& Message::integer(std::uint32_t field, std::uint64_t value) {
    tag(field, 0);
    varint(value);
    return *this;
}

Message& Message::real(std::uint32_t field, double value) {
    tag(field, 1);
    little_endian(std::bit_cast<std::uint64_t>(value), 8);
    return *this;
}

Message& Message::real32(std::uint32_t field, float value) {
    tag(field, 5);
    little_endian(std::bit_cast<std::uint32_t>(value), 4);
    return *this;
}

Message& Message::text(std::uint32_t field, std::string_view value) {
    tag(field, 2);
    varint(value.size());
    bytes_ += value;
    return *this;
}

std::uint32_t crc32c(std::string_view bytes) {
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char c : bytes) crc = crc >> 8U ^ crc_table[(crc ^ static_cast<unsigned char>(c)) & 0xFFU];
    return ~crc;
}

std::string tf_record(std::string_view data) {
    const std::string length = little_endian_text(data.size(), 8);
    return length + little_endian_text(masked(crc32c(length)), 4) + std::string(data) + little_endian_text(masked(crc32c(data)), 4);
}

}  // namespace etude
