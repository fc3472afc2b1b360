#include "base/diagnostics.hpp"

#include <algorithm>
#include <map>
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

/// "batch: '45.3' is not an integer" -> "batch: '#' is not an integer"; what belongs to a name (beta2) stays.
std::string without_numbers(std::string_view message) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto is_of_name = [](char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto goes_on = [&](std::size_t i) {
        if (is_digit(message[i]) || message[i] == '.') return true;
        if (message[i] == 'e') return i + 1 < message.size() && (is_digit(message[i + 1]) || message[i + 1] == '-' || message[i + 1] == '+');
        return (message[i] == '-' || message[i] == '+') && message[i - 1] == 'e';
    };
    std::string text;
    for (std::size_t i = 0; i < message.size();) {
        const bool is_number = is_digit(message[i]) && (i == 0 || !(is_of_name(message[i - 1]) || is_digit(message[i - 1])));
        text += is_number ? '#' : message[i];
        for (++i; is_number && i < message.size() && goes_on(i);) ++i;
    }
    return text;
}

}  // namespace

void Diagnostics::error(const Place& place, std::string message, std::string hint) {
    items_.push_back({place, true, std::move(message), std::move(hint)});
}

void Diagnostics::warning(const Place& place, std::string message, std::string hint) {
    items_.push_back({place, false, std::move(message), std::move(hint)});
}

bool Diagnostics::has_errors() const { return std::ranges::any_of(items_, &Item::is_error); }

std::vector<Diagnostics::Shown> Diagnostics::shown() const {
    std::vector<std::string> sources;  // files in the order in which they first come up
    const auto rank = [&](const Item& item) {
        const std::string name = item.place.source ? item.place.source->name : "";
        const auto found = std::ranges::find(sources, name);
        if (found == sources.end()) return sources.push_back(name), sources.size() - 1;
        return static_cast<std::size_t>(found - sources.begin());
    };
    using Where = std::tuple<std::size_t, int, int>;
    std::vector<std::pair<Where, Shown>> all;
    std::map<std::tuple<Where, bool, std::string>, std::size_t> known;
    for (const Item& item : items_) {
        const Where where{rank(item), item.place.line, item.place.column};
        const auto [found, is_new] = known.try_emplace({where, item.is_error, without_numbers(item.message)}, all.size());
        if (is_new) all.push_back({where, {&item, {}}});
        all[found->second].second.messages.insert(item.message);
    }
    std::ranges::stable_sort(all, {}, [](const auto& entry) { return entry.first; });
    std::vector<Shown> ordered;
    for (auto& entry : all) ordered.push_back(std::move(entry.second));
    return ordered;
}

std::string Diagnostics::rendered(const Shown& shown) {
    const Item& item = *shown.item;
    const Place& place = item.place;
    std::string text;
    if (place.source) {
        text += place.source->name;
        if (!place.source->is_argument) text += ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
        text += ": ";
    }
    text += (item.is_error ? "error: " : "warning: ") + item.message;
    if (shown.messages.size() > 1) text += " (and " + std::to_string(shown.messages.size() - 1) + " more like it)";
    text += "\n";
    if (place.source) {
        const std::string line = line_of(*place.source, place.line);
        if (!line.empty()) text += "  " + line + "\n  " + caret_line(line, place.column) + "\n";
    }
    return item.hint.empty() ? text : text + "  hint: " + item.hint + "\n";
}

std::string Diagnostics::render() const {
    std::string text;
    for (const Shown& one : shown()) text += rendered(one);
    return text;
}

void Diagnostics::throw_if_any() const {
    if (!has_errors()) return;
    const auto count = std::ranges::count_if(shown(), [](const Shown& one) { return one.item->is_error; });
    throw DiagnosticsError(render() + std::to_string(count) + (count == 1 ? " error; nothing was run" : " errors; nothing was run"));
}

}  // namespace etude
