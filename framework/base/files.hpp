// framework/base/files.hpp - whole files in and out.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace etude {

/// The whole content. Throws Error "PATH: cannot be read: REASON".
std::string read_file(const std::filesystem::path& file);
/// Writes beside the file and renames over it, so that a reader sees the old or the new content and a full disk leaves the old one.
/// Throws Error "PATH: cannot be written: REASON".
void write_file(const std::filesystem::path& file, std::string_view content);
/// The same, and the content has reached the disk before it takes the name: also a power failure leaves the old or the new one. Costs milliseconds.
void write_file_to_disk(const std::filesystem::path& file, std::string_view content);

}  // namespace etude
