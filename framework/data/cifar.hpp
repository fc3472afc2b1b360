// framework/data/cifar.hpp - the binary batches of CIFAR-10, plain, gzip or xz.
//
// No header: records of 3073 bytes, a label and 32 x 32 pixels in three planes (red, green, blue), rows from the top; 10,000 of them.
#pragma once
#include <cstdint>
#include <filesystem>
#include <span>

namespace etude {

inline constexpr std::size_t cifar_pixels = 3 * 32 * 32, cifar_record = 1 + cifar_pixels, cifar_batch = 10'000, cifar_classes = 10;

/// Throws Error unless the file's content is `records` records long, as far as can be seen without unpacking it.
void check_cifar_batch(const std::filesystem::path& file, std::size_t records = cifar_batch);
/// The first labels.size() records: `bytes` [labels.size(), 3, 32, 32]. When they are all, a packed file's checksum is compared too.
/// Throws Error for what is truncated, damaged, or has a label that is none of the classes.
void read_cifar_batch(const std::filesystem::path& file, std::uint8_t* bytes, std::span<std::int32_t> labels, std::size_t records = cifar_batch);

}  // namespace etude
