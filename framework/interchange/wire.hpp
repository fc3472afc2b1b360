// framework/interchange/wire.hpp - what TensorBoard's event files are made of: protocol buffers' wire format, and checked records around it.
//
// A Message is written field by field, in ascending numbers as the reference does; the numbers stand in tensorboard.cpp with their names.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace etude {

/// The bytes of one message, growing.
class Message {
  public:
    Message& integer(std::uint32_t field, std::uint64_t value);       ///< int32 (not negative), int64, uint64, bool, enum
    Message& real(std::uint32_t field, double value);                 ///< double
    Message& real32(std::uint32_t field, float value);                ///< float
    Message& text(std::uint32_t field, std::string_view value);       ///< string, bytes
    Message& message(std::uint32_t field, const Message& value) { return text(field, value.bytes()); }
    const std::string& bytes() const { return bytes_; }

  private:
    void varint(std::uint64_t value);
    void tag(std::uint32_t field, std::uint32_t wire_type) { varint(field << 3U | wire_type); }
    void little_endian(std::uint64_t bits, int count);
    std::string bytes_;
};

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4).
std::uint32_t crc32c(std::string_view bytes);

/// A record of a TFRecord file: length, its masked sum, the data, their masked sum.
std::string tf_record(std::string_view data);

}  // namespace etude
