// framework/cli/terminal_plot.hpp - a curve in the letters of a terminal.
#pragma once
#include <span>
#include <string>

namespace etude::cli {

enum class Letters { braille, ascii };  ///< 2 x 4 dots in a letter, or one

/// Braille where the locale says UTF-8 (LC_ALL, LC_CTYPE, LANG), as for other programs.
Letters letters_of_terminal();

struct TerminalAxes {
    double x_end = 1;       ///< x of the right edge; the left edge is 0
    std::string x_label;
    std::size_t columns = 60, rows = 10;
};
/// `y` against the share of its length, on an axis from 0 to the largest value (1 when all are 0). Values that follow each other are joined; each
/// line begins with two blanks. `y` holds finite numbers, none below 0, at least one.
std::string terminal_plot(std::span<const double> y, const TerminalAxes& axes, Letters letters);

}  // namespace etude::cli
