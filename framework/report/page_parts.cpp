#include "report/page_parts.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "report/explorer.hpp"
#include "report/page_style.hpp"
#include "report/svg.hpp"

namespace etude {
namespace {

std::string cell(const std::string& tag, const std::string& text, bool numeric) {
    return "<" + tag + (numeric ? " class=\"number\">" : ">") + html_text(text) + "</" + tag + ">";
}

}  // namespace

std::string tagged(const std::string& tag, const std::string& text) { return "<" + tag + ">" + html_text(text) + "</" + tag + ">\n"; }

std::string html_table(const std::vector<std::vector<std::string>>& rows, std::size_t highlighted) {
    std::vector<bool> numeric(rows.front().size(), true);
    for (std::size_t r = 1; r < rows.size(); ++r)
        for (std::size_t c = 0; c < numeric.size(); ++c)
            if (!rows[r][c].empty() && !parse_real(rows[r][c])) numeric[c] = false;
    std::string html = "<div class=\"scroll\"><table>\n<thead><tr>";
    for (std::size_t c = 0; c < numeric.size(); ++c) html += cell("th", rows.front()[c], numeric[c]);
    html += "</tr></thead>\n<tbody>\n";
    for (std::size_t r = 1; r < rows.size(); ++r) {
        html += r <= highlighted ? "<tr class=\"best\">" : "<tr>";
        for (std::size_t c = 0; c < numeric.size(); ++c) html += cell("td", rows[r][c], numeric[c]);
        html += "</tr>\n";
    }
    return html + "</tbody></table></div>\n";
}

std::string html_figure(const Figure& figure, const std::string& svg) {
    std::string html = "<figure>\n" + replaced(inline_svg(svg), "<svg ", fmt::format("<svg role=\"img\" style=\"max-width:{:.0f}px\" ",
                                                                                    figure.width));
    if (!figure.caption.empty()) html += tagged("figcaption", figure.caption);
    return html + "</figure>\n";
}

std::string page_head(const std::string& title, const std::string& attributes, Fetches fetches) {
    std::string html = "<!DOCTYPE html>\n<html lang=\"en\"" + attributes + ">\n<head>\n<meta charset=\"utf-8\">\n";
    html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    // Nothing may be fetched, whatever a name in the results says; a live page asks the server that it came from.
    html += "<meta http-equiv=\"Content-Security-Policy\" "
            "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
    html += fetches == Fetches::own_server ? "; connect-src 'self'\">\n<link rel=\"icon\" href=\"data:,\">\n" : "\">\n";
    return html + tagged("title", title) + "<style>" + page_style + explorer_style() + "</style>\n</head>\n<body>\n" + tagged("h1", title);
}

}  // namespace etude
