#include "data/cifar.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "data/input_file.hpp"

namespace etude {
namespace {

constexpr unsigned header_buffer = 1024, body_buffer = 256 * 1024;  // bytes

void expect_records(const InputFile& file, std::size_t records) {
    file.expect_length(records * cifar_record, fmt::format("{} records of {} bytes have", records, cifar_record));
}

}  // namespace

void check_cifar_batch(const std::filesystem::path& path, std::size_t records) { expect_records(InputFile(path, header_buffer), records); }

void read_cifar_batch(const std::filesystem::path& path, std::uint8_t* bytes, std::span<std::int32_t> labels, std::size_t records) {
    ETUDE_ASSERT(labels.size() <= records, "more records than a batch has");
    InputFile file(path, body_buffer);
    expect_records(file, records);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        std::uint8_t record[cifar_record];
        file.read(record, cifar_record, fmt::format("record {}", i).c_str());
        if (record[0] >= cifar_classes)
            throw Error(fmt::format("{}: record {} has label {}; the classes are 0 to {}", path.string(), i, record[0], cifar_classes - 1));
        labels[i] = record[0];
        std::copy_n(record + 1, cifar_pixels, bytes + i * cifar_pixels);
    }
    if (labels.size() == records) file.expect_end();
}

}  // namespace etude
