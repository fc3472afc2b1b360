// tests/report/xml.hpp - is a text well-formed XML? Enough of a parser for SVG: declaration, comments, elements, attributes, entities.
#pragma once
#include <string>
#include <vector>

namespace etude::test {

/// "" or what is wrong first.
inline std::string xml_problem(const std::string& text) {
    std::vector<std::string> open;
    bool seen = false;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '&') {
            const std::size_t end = text.find(';', at);
            if (end == std::string::npos || end - at > 8) return "a bare & at " + std::to_string(at);
            at = end;
        }
        if (text[at] != '<') {
            ++at;
            continue;
        }
        if (text.compare(at, 4, "<!--") == 0) {
            const std::size_t end = text.find("-->", at);
            if (end == std::string::npos) return "an open comment";
            at = end + 3;
            continue;
        }
        std::size_t end = at + 1;
        for (char quote = 0; end < text.size() && (quote != 0 || text[end] != '>'); ++end) {
            if (quote != 0 && text[end] == quote) quote = 0;
            else if (quote == 0 && (text[end] == '"' || text[end] == '\'')) quote = text[end];
            else if (text[end] == '<') return "< inside a tag at " + std::to_string(end);
        }
        if (end == text.size()) return "an open tag at " + std::to_string(at);
        const std::string tag = text.substr(at + 1, end - at - 1);
        at = end + 1;
        if (tag[0] == '?') continue;
        const std::string name = tag.substr(tag[0] == '/', tag.find_first_of(" \t\r\n/", 1) - (tag[0] == '/'));
        if (tag[0] == '/') {
            if (open.empty() || open.back() != name) return "</" + name + "> closes nothing";
            open.pop_back();
        } else if (tag.back() != '/') {
            if (open.empty() && seen) return "a second root <" + name + ">";
            open.push_back(name);
            seen = true;
        }
    }
    if (!open.empty()) return "<" + open.back() + "> is not closed";
    return seen ? "" : "no element";
}

}  // namespace etude::test
