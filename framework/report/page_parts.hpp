// framework/report/page_parts.hpp - what pages are made of.
#pragma once
#include <string>
#include <vector>

#include "report/plot.hpp"

namespace etude {

/// <tag>text</tag>, the text escaped.
std::string tagged(const std::string& tag, const std::string& text);
/// The first row has the headings; the next `highlighted` ones are the best. Columns of numbers stand on the right.
std::string html_table(const std::vector<std::vector<std::string>>& rows, std::size_t highlighted);

/// The figure's SVG inline, with its caption. All figures of a page have letters of one size.
std::string html_figure(const Figure& figure, const std::string& svg);

enum class Fetches { nothing, own_server };
/// From the doctype to the title in large letters. `attributes` of the html element begin with a blank.
std::string page_head(const std::string& title, const std::string& attributes, Fetches fetches);

}  // namespace etude
