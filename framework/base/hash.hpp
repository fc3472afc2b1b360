// framework/base/hash.hpp - 64-bit hashes of bytes (XXH3), for identities of trials, files and plugins.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace etude {

std::uint64_t hash_bytes(std::string_view bytes);
/// Hash of a file's content. Throws Error naming the file when it cannot be read.
std::uint64_t hash_file(const std::filesystem::path& file);
/// 16 lower-case hex digits.
std::string hex(std::uint64_t value);

}  // namespace etude
