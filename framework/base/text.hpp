// framework/base/text.hpp - numbers and words as text: shortest numbers, rates, terminal width, spelling, CSV.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace etude {

/// The shortest text that reads back as the same double ("0.1", "1e-7", "nan", "inf").
std::string number(double value);
/// The shortest text that reads back as the same float.
std::string number(float value);
/// A rate: at most 15 significant digits, since base * (end / base) may differ from end in the last bit.
std::string rate_text(double value);

/// Reads all of `text` as a decimal number: "1e-4", ".5", "+3", "inf", "nan" too; nothing else around it.
std::optional<double> parse_real(std::string_view text);
/// Reads all of `text` as an integer; "1e3" and "3.0" are integers written differently and are accepted when exact.
std::optional<long long> parse_integer(std::string_view text);

/// Columns that UTF-8 `text` takes on a terminal: East Asian wide characters and emoji take two, combining marks none.
std::size_t display_width(std::string_view text);
/// Number of characters (code points) of UTF-8 `text`.
std::size_t character_count(std::string_view text);

/// Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`.
std::size_t edit_distance(std::string_view a, std::string_view b);
/// The nearest of `candidates` if it is near enough to be what was meant (at most a third of its letters differ, three at most).
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);
/// "did you mean 'x'?" or, when nothing is near, "one of: a, b, c" (at most 12 of them); for hints.
std::string spelling_hint(std::string_view word, std::span<const std::string> candidates);

/// RFC 4180: quoted when it holds a comma, a quote or a line break.
std::string csv_field(std::string_view text);
/// `text` for HTML and SVG: & < > " ' escaped.
std::string html_text(std::string_view text);

std::string join(std::span<const std::string> parts, std::string_view separator);
std::vector<std::string> split(std::string_view text, char separator);
/// `text` with every `from` replaced, from left to right; `from` is not empty.
std::string replaced(std::string_view text, std::string_view from, std::string_view to);
std::string_view trim(std::string_view text);

}  // namespace etude
