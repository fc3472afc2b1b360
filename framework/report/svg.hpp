// framework/report/svg.hpp - gnuplot's SVG made fit for papers and pages.
#pragma once
#include <string>

namespace etude {

/// Fonts that have Latin and Chinese, in the order tried.
inline const std::string font_family = "DejaVu Sans, Noto Sans CJK SC, sans-serif";
/// What stands for them in a gnuplot script, where a comma would end the name.
inline const std::string font_placeholder = "EtudeSans";

/// Sets title and fonts, makes ids begin with `prefix` (several SVGs may stand in one page), and drops gnuplot's version and tool tips, so that
/// equal figures are equal files.
std::string polished_svg(const std::string& svg, const std::string& title, const std::string& prefix);
/// For a page: no XML declaration, no paper, black becomes the page's own colour.
std::string inline_svg(const std::string& svg);

}  // namespace etude
