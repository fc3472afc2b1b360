#include "data/idx.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "data/input_file.hpp"

namespace etude {
namespace {

constexpr std::uint32_t images_magic = 0x803, labels_magic = 0x801;
constexpr std::size_t largest_side = 4096, largest_count = 100'000'000;
constexpr unsigned header_buffer = 1024, body_buffer = 256 * 1024;  // bytes

void expect_magic(InputFile& file, std::uint32_t expected, const char* content) {
    const std::uint32_t magic = file.big_endian_word("the header");
    if (magic != expected)
        throw Error(fmt::format("{}: not an IDX file of {}: it begins with {:#010x}, not {:#010x}", file.path().string(), content, magic, expected));
}

IdxImages images_header(InputFile& file) {
    expect_magic(file, images_magic, "images");
    const IdxImages header{
        .count = file.big_endian_word("the header"), .height = file.big_endian_word("the header"), .width = file.big_endian_word("the header")};
    if (header.count == 0 || header.count > largest_count || header.height == 0 || header.height > largest_side || header.width == 0 ||
        header.width > largest_side)
        throw Error(fmt::format("{}: {} images of {} x {} are impossible", file.path().string(), header.count, header.height, header.width));
    file.expect_length(16 + header.count * header.height * header.width, "its header promises");
    return header;
}

std::size_t labels_header(InputFile& file) {
    expect_magic(file, labels_magic, "labels");
    const std::size_t count = file.big_endian_word("the header");
    if (count == 0 || count > largest_count) throw Error(fmt::format("{}: {} labels are impossible", file.path().string(), count));
    file.expect_length(8 + count, "its header promises");
    return count;
}

}  // namespace

IdxImages read_idx_images_header(const std::filesystem::path& path) {
    InputFile file(path, header_buffer);
    return images_header(file);
}

std::size_t read_idx_labels_header(const std::filesystem::path& path) {
    InputFile file(path, header_buffer);
    return labels_header(file);
}

void read_idx_images(const std::filesystem::path& path, std::size_t count, std::uint8_t* bytes) {
    InputFile file(path, body_buffer);
    const IdxImages header = images_header(file);
    ETUDE_ASSERT(count <= header.count, "more images than the file has");
    file.read(bytes, count * header.height * header.width, "images");
    if (count == header.count) file.expect_end();
}

std::vector<std::int32_t> read_idx_labels(const std::filesystem::path& path, std::size_t count, std::size_t classes) {
    InputFile file(path, body_buffer);
    const std::size_t all = labels_header(file);
    ETUDE_ASSERT(count <= all, "more labels than the file has");
    std::vector<std::uint8_t> bytes(count);
    file.read(bytes.data(), count, "labels");
    if (count == all) file.expect_end();
    for (std::size_t i = 0; i < count; ++i)
        if (bytes[i] >= classes)
            throw Error(fmt::format("{}: sample {} has label {}; the classes are 0 to {}", path.string(), i, bytes[i], classes - 1));
    return {bytes.begin(), bytes.end()};
}

}  // namespace etude
