#include "cli/terminal_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "base/text.hpp"

namespace etude::cli {
namespace {

/// Dots from the top left.
class Canvas {
  public:
    Canvas(std::size_t columns, std::size_t rows) : columns_(columns), rows_(rows), dots_(columns * rows) {}
    std::size_t columns() const { return columns_; }
    std::size_t rows() const { return rows_; }
    void set(std::size_t column, std::size_t row) { dots_[row * columns_ + column] = true; }
    bool at(std::size_t column, std::size_t row) const { return dots_[row * columns_ + column]; }

  private:
    std::size_t columns_, rows_;
    std::vector<bool> dots_;
};

/// Each column shows all values that fall into it, and reaches to the last value before them.
void draw_curve(std::span<const double> y, double top, Canvas& canvas) {
    const auto row_of = [&](double value) {
        const auto last = static_cast<double>(canvas.rows() - 1);
        return static_cast<std::size_t>(std::lround(last * (1.0 - value / top)));
    };
    for (std::size_t column = 0; column < canvas.columns(); ++column) {
        const std::size_t begin = column * y.size() / canvas.columns();
        const std::size_t end = std::max(begin + 1, (column + 1) * y.size() / canvas.columns());
        const auto [low, high] = std::ranges::minmax(y.subspan(begin == 0 ? 0 : begin - 1, end - (begin == 0 ? 0 : begin - 1)));
        for (std::size_t row = row_of(high); row <= row_of(low); ++row) canvas.set(column, row);
    }
}

/// U+2800 and the eight dots of letter (column, row).
std::string braille_letter(const Canvas& canvas, std::size_t column, std::size_t row) {
    constexpr unsigned bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    unsigned dots = 0;
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t k = 0; k < 2; ++k)
            if (canvas.at(2 * column + k, 4 * row + i)) dots |= bits[i][k];
    if (dots == 0) return " ";
    return {static_cast<char>(0xE2), static_cast<char>(0xA0 | (dots >> 6)), static_cast<char>(0x80 | (dots & 0x3F))};
}

std::string without_blanks_behind(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
}

}  // namespace

Letters letters_of_terminal() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char* value = std::getenv(name);
        if (value == nullptr || *value == '\0') continue;
        std::string locale = value;
        std::ranges::transform(locale, locale.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos ? Letters::braille : Letters::ascii;
    }
    return Letters::ascii;
}

std::string terminal_plot(std::span<const double> y, const TerminalAxes& axes, Letters letters) {
    const bool braille = letters == Letters::braille;
    Canvas canvas(axes.columns * (braille ? 2 : 1), axes.rows * (braille ? 4 : 1));
    const double highest = std::ranges::max(y), top = highest > 0 ? highest : 1;
    draw_curve(y, top, canvas);
    const std::string top_text = fmt::format("{:.4g}", top);
    const std::size_t margin = std::max<std::size_t>(top_text.size(), 1);
    std::string text;
    for (std::size_t row = 0; row < axes.rows; ++row) {
        const std::string label = row == 0 ? top_text : row + 1 == axes.rows ? "0" : "";
        std::string line = fmt::format("  {:>{}} |", label, margin);
        for (std::size_t column = 0; column < axes.columns; ++column)
            line += braille ? braille_letter(canvas, column, row) : canvas.at(column, row) ? "*" : " ";
        text += without_blanks_behind(line);
    }
    text += fmt::format("  {:>{}} +{}\n", "", margin, std::string(axes.columns, '-'));
    const std::string end = fmt::format("{:.4g}", axes.x_end);
    text += fmt::format("  {:>{}}  0{:^{}}{}\n", "", margin, axes.x_label, axes.columns - 1 - end.size(), end);
    return text;
}

}  // namespace etude::cli
