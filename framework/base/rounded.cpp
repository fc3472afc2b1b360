#include "base/rounded.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "base/text.hpp"

namespace etude {

std::string rounded(double value) {
    if (!std::isfinite(value)) return number(value);
    std::array<char, 64> buffer;
    char* const last = buffer.data() + buffer.size();
    const bool whole = std::abs(value) >= 1e4 && std::abs(value) < 1e7;  // 20000 reads better than 2e+04
    if (whole) return {buffer.data(), std::to_chars(buffer.data(), last, value, std::chars_format::fixed, 0).ptr};
    const auto end = std::to_chars(buffer.data(), last, value, std::chars_format::general, 4).ptr;
    return number(parse_real({buffer.data(), end}).value());
}

std::string rounded_text(const std::string& text) {
    if (text.find_first_of(".eE") == std::string::npos) return text;
    const auto value = parse_real(text);
    if (!value || !std::isfinite(*value)) return text;
    const std::string shorter = rounded(*value);
    return parse_real(shorter) == value ? text : shorter;
}

}  // namespace etude
