#include "data/npy_file.hpp"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/input_file.hpp"

namespace etude {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are taken from the file as they are");

constexpr unsigned header_buffer = 1024, body_buffer = 256 * 1024;  // bytes
constexpr std::size_t largest_header = 65536, largest_count = std::size_t{1} << 32;

std::size_t size_of(NpyType type) {
    switch (type) {
        case NpyType::float32: return 4;
        case NpyType::uint8: return 1;
        default: return 8;
    }
}

std::optional<NpyType> type_of(std::string_view descr) {
    if (descr == "<f4") return NpyType::float32;
    if (descr == "<f8") return NpyType::float64;
    if (descr == "|u1") return NpyType::uint8;
    if (descr == "<i8") return NpyType::int64;
    return std::nullopt;
}

/// The dictionary, as numpy.lib.format writes it: three keys in any order, values of three kinds.
class HeaderText {
  public:
    HeaderText(const std::filesystem::path& path, std::string_view text) : path_(path), text_(text) {}

    NpyHeader parse() {
        expect('{');
        while (!accept('}')) {
            const std::string_view key = quoted();
            expect(':');
            if (key == "descr") header_.type = type();
            else if (key == "fortran_order") c_order();
            else if (key == "shape") shape();
            else fail(fmt::format("the key '{}'", key));
            seen_ += 1;
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        if (seen_ != 3 || !has_type_ || !has_order_ || !has_shape_) fail("not one each of descr, fortran_order and shape");
        if (!trim(text_).empty()) fail("text behind the dictionary");
        return header_;
    }

  private:
    [[noreturn]] void fail(const std::string& what) const { throw Error(fmt::format("{}: its header is not NumPy's: {}", path_.string(), what)); }

    bool accept(char c) {
        while (!text_.empty() && (text_.front() == ' ' || text_.front() == '\n')) text_.remove_prefix(1);
        if (text_.empty() || text_.front() != c) return false;
        text_.remove_prefix(1);
        return true;
    }
    void expect(char c) {
        if (!accept(c)) fail(fmt::format("'{}' is missing", c));
    }
    std::string_view quoted() {
        expect('\'');
        const std::size_t end = text_.find('\'');
        if (end == std::string_view::npos) fail("quotes are not closed");
        const std::string_view word = text_.substr(0, end);
        text_.remove_prefix(end + 1);
        return word;
    }
    NpyType type() {
        accept(' ');
        if (text_.starts_with('[')) throw Error(path_.string() + ": a structured array", "save the columns as one array of numbers");
        const std::string_view descr = quoted();
        has_type_ = true;
        const auto known = type_of(descr);
        if (!known)
            throw Error(fmt::format("{}: numbers of type '{}'; read are '<f4', '<f8', '|u1' and '<i8'", path_.string(), descr),
                        "array.astype('float32') in NumPy");
        return *known;
    }
    void c_order() {
        accept(' ');
        has_order_ = true;
        if (text_.starts_with("True"))
            throw Error(path_.string() + ": the array is in Fortran order", "numpy.ascontiguousarray(array) before saving");
        if (!text_.starts_with("False")) fail("fortran_order is neither True nor False");
        text_.remove_prefix(5);
    }
    void shape() {
        expect('(');
        has_shape_ = true;
        std::size_t count = 1;
        while (!accept(')')) {
            std::size_t side = 0;
            accept(' ');
            const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), side);
            if (error != std::errc{}) fail("a length in shape is no number");
            text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
            if (side == 0 || side > largest_count / count)
                throw Error(fmt::format("{}: an array with a side of {} is impossible here", path_.string(), side));
            count *= side;
            header_.shape.push_back(side);
            if (!accept(',')) {
                expect(')');
                break;
            }
        }
    }

    const std::filesystem::path& path_;
    std::string_view text_;
    NpyHeader header_;
    int seen_ = 0;
    bool has_type_ = false, has_order_ = false, has_shape_ = false;
};

NpyHeader header_of(InputFile& file) {
    std::uint8_t start[8];
    file.read(start, sizeof start, "the header");
    if (std::memcmp(start, "\x93NUMPY", 6) != 0) throw Error(file.path().string() + ": not a file of NumPy: it does not begin with \\x93NUMPY");
    const unsigned major = start[6], minor = start[7];
    if ((major != 1 && major != 2) || minor != 0)
        throw Error(fmt::format("{}: NumPy's format {}.{}; read are 1.0 and 2.0", file.path().string(), major, minor));
    std::uint8_t bytes[4] = {};
    const std::size_t width = major == 1 ? 2 : 4;
    file.read(bytes, width, "the header");
    const std::size_t length = bytes[0] | std::size_t{bytes[1]} << 8 | std::size_t{bytes[2]} << 16 | std::size_t{bytes[3]} << 24;
    if (length > largest_header) throw Error(fmt::format("{}: a header of {} bytes", file.path().string(), length));
    std::string text(length, '\0');
    file.read(text.data(), length, "the header");
    const NpyHeader header = HeaderText(file.path(), text).parse();
    file.expect_length(sizeof start + width + length + header.count() * size_of(header.type), "its header promises");
    return header;
}

}  // namespace

std::size_t NpyHeader::count() const {
    std::size_t count = 1;
    for (const std::size_t side : shape) count *= side;
    return count;
}

double NpyArray::number(std::size_t i) const {
    const auto as = [&]<class T>(T value) {
        std::memcpy(&value, content.data() + i * sizeof value, sizeof value);
        return static_cast<double>(value);
    };
    switch (header.type) {
        case NpyType::float32: return as(float{});
        case NpyType::float64: return as(double{});
        case NpyType::uint8: return as(std::uint8_t{});
        case NpyType::int64: return as(std::int64_t{});
    }
    return 0;
}

NpyHeader read_npy_header(const std::filesystem::path& path) {
    InputFile file(path, header_buffer);
    return header_of(file);
}

NpyArray read_npy(const std::filesystem::path& path) {
    InputFile file(path, body_buffer);
    NpyArray array{.header = header_of(file), .content = {}};
    array.content.resize(array.header.count() * size_of(array.header.type));
    file.read(array.content.data(), array.content.size(), "numbers");
    file.expect_end();
    return array;
}

}  // namespace etude
