// tests/data/packed.hpp - content as xz, for files that the readers unpack.
#pragma once
#include <lzma.h>

#include <stdexcept>
#include <string>

namespace etude::test {

inline std::string xz(const std::string& content) {
    std::string packed(lzma_stream_buffer_bound(content.size()), '\0');
    std::size_t length = 0;
    if (lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, nullptr, reinterpret_cast<const std::uint8_t*>(content.data()), content.size(),
                                reinterpret_cast<std::uint8_t*>(packed.data()), &length, packed.size()) != LZMA_OK)
        throw std::runtime_error("lzma_easy_buffer_encode");
    packed.resize(length);
    return packed;
}

}  // namespace etude::test
