#include "report/svg.hpp"

#include "base/text.hpp"

namespace etude {
namespace {

/// Without everything from `from` to the next `to`, again and again.
std::string without(const std::string& text, const std::string& from, const std::string& to) {
    std::string rest;
    std::size_t at = 0;
    for (;;) {
        const std::size_t start = text.find(from, at);
        const std::size_t end = start == std::string::npos ? start : text.find(to, start + from.size());
        if (end == std::string::npos) return rest + text.substr(at);
        rest.append(text, at, start - at);
        at = end + to.size();
    }
}

/// gnuplot opens a group for each change of pen, also for those that draw nothing.
std::string without_empty_groups(const std::string& text) {
    const auto lines = split(text, '\n');
    std::vector<std::string> kept;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].starts_with("<g ") && i + 1 < lines.size() && lines[i + 1] == "</g>") ++i;
        else kept.push_back(lines[i]);
    }
    return join(kept, "\n");
}

}  // namespace

std::string polished_svg(const std::string& svg, const std::string& title, const std::string& prefix) {
    std::string text = without(without(svg, "<title>", "</title>"), "<desc>", "</desc>");
    text = without_empty_groups(without(text, "<filter", "</filter>"));
    text = replaced(text, "\"" + font_placeholder + ":Bold\"", "\"" + font_family + "\" font-weight=\"bold\"");
    text = replaced(text, "\"" + font_placeholder + "\"", "\"" + font_family + "\"");
    text = replaced(replaced(text, "id='", "id='" + prefix + "-"), "id=\"", "id=\"" + prefix + "-");
    text = replaced(text, "xlink:href='#", "xlink:href='#" + prefix + "-");
    const std::size_t head = text.find('>', text.find("<svg"));
    return head == std::string::npos ? text : text.insert(head + 1, "\n<title>" + html_text(title) + "</title>");
}

std::string inline_svg(const std::string& svg) {
    const std::size_t start = svg.find("<svg");
    std::string text = start == std::string::npos ? svg : svg.substr(start);
    const std::size_t paper = text.find("<rect x=\"0\" y=\"0\"");
    if (paper != std::string::npos) text.erase(paper, text.find("/>", paper) + 2 - paper);
    for (const std::string black : {"black", "rgb(0,0,0)", "rgb(  0,   0,   0)"})
        text = replaced(replaced(text, "'" + black + "'", "'currentColor'"), "\"" + black + "\"", "\"currentColor\"");
    return text;
}

}  // namespace etude
