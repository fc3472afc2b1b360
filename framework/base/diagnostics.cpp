#include "base/diagnostics.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/text.hpp"

namespace etude {
namespace {

std::string line_of(const Source& source, int line) {
    const std::vector<std::string> lines = split(source.content, '\n');
    if (line < 1 || static_cast<std::size_t>(line) > lines.size()) return "";
    std::string text = lines[static_cast<std::size_t>(line - 1)];
    if (!text.empty() && text.back() == '\r') text.pop_back();
    return text;
}

/// The first `count` characters of `text`.
std::string_view first_characters(std::string_view text, std::size_t count) {
    std::size_t bytes = 0;
    for (std::size_t seen = 0; bytes < text.size(); ++bytes) {
        const bool starts_character = (static_cast<unsigned char>(text[bytes]) & 0xC0) != 0x80;
        if (starts_character && seen++ == count) break;
    }
    return text.substr(0, bytes);
}

/// Blanks up to the caret; tabs stay tabs so that the caret stands under its character on any terminal.
std::string caret_line(std::string_view line, int column) {
    const std::string_view before = first_characters(line, static_cast<std::size_t>(std::max(0, column - 1)));
    std::string blanks;
    for (std::size_t start = 0; start <= before.size();) {
        const std::size_t tab = std::min(before.find('\t', start), before.size());
        blanks += std::string(display_width(before.substr(start, tab - start)), ' ');
        if (tab < before.size()) blanks += '\t';
        start = tab + 1;
    }
    return blanks + "^";
}

}  // namespace

void Diagnostics::error(const Place& place, std::string message, std::string hint) {
    items_.push_back({place, true, std::move(message), std::move(hint)});
}

void Diagnostics::warning(const Place& place, std::string message, std::string hint) {
    items_.push_back({place, false, std::move(message), std::move(hint)});
}

std::size_t Diagnostics::error_count() const {
    std::set<std::tuple<std::string, int, int, std::string>> distinct;
    for (const Item& item : items_)
        if (item.is_error) distinct.emplace(item.place.source ? item.place.source->name : "", item.place.line, item.place.column, item.message);
    return distinct.size();
}

std::string Diagnostics::render() const {
    std::vector<const Item*> ordered;
    for (const Item& item : items_) ordered.push_back(&item);
    std::vector<std::string> sources;  // files in the order in which they first come up
    const auto rank = [&](const Item* item) {
        const std::string name = item->place.source ? item->place.source->name : "";
        const auto found = std::ranges::find(sources, name);
        if (found == sources.end()) return sources.push_back(name), sources.size() - 1;
        return static_cast<std::size_t>(found - sources.begin());
    };
    for (const Item* item : ordered) rank(item);
    std::ranges::stable_sort(ordered, {}, [&](const Item* i) { return std::tuple(rank(i), i->place.line, i->place.column); });

    std::string text;
    std::set<std::tuple<std::size_t, int, int, std::string>> shown;
    for (const Item* item : ordered) {
        const Place& place = item->place;
        if (!shown.emplace(rank(item), place.line, place.column, item->message).second) continue;
        if (place.source) {
            text += place.source->name;
            if (!place.source->is_argument) text += ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
            text += ": ";
        }
        text += (item->is_error ? "error: " : "warning: ") + item->message + "\n";
        if (place.source) {
            const std::string line = line_of(*place.source, place.line);
            if (!line.empty()) text += "  " + line + "\n  " + caret_line(line, place.column) + "\n";
        }
        if (!item->hint.empty()) text += "  hint: " + item->hint + "\n";
    }
    return text;
}

void Diagnostics::throw_if_any() const {
    const std::size_t count = error_count();
    if (count == 0) return;
    throw DiagnosticsError(render() + std::to_string(count) + (count == 1 ? " error; nothing was run" : " errors; nothing was run"));
}

}  // namespace etude
