#include "plugin/compiler_messages.hpp"

#include <algorithm>
#include <optional>
#include <regex>
#include <span>
#include <vector>

#include "base/text.hpp"

namespace etude {
namespace {

/// "FILE:LINE:COLUMN: KIND: TEXT", or "FILE:LINE:COLUMN:   required from here".
struct Placed {
    std::string file, place, kind, text;  // place: with the file
};

std::optional<Placed> placed(const std::string& line) {
    static const std::regex form(R"(^([^:\s][^:]*):(\d+):(\d+):\s+(?:(fatal error|error|warning|note): )?(.*)$)");
    std::smatch match;
    if (!std::regex_match(line, match, form)) return std::nullopt;
    const std::string kind = match[4] == "fatal error" ? "error" : match[4].str();
    return Placed{match[1], match[1].str() + ":" + match[2].str() + ":" + match[3].str(), kind, match[5]};
}

/// The sentence of a failed static assertion: "static assertion failed: TEXT", "... due to requirement '...': TEXT", '... "TEXT"'.
std::optional<std::string> assertion(const std::string& text) {
    static const std::regex form(R"re(^static(?: assertion|_assert) failed(?: due to requirement '.*')?:? "?(.*?)"?$)re");
    std::smatch match;
    if (!std::regex_match(text, match, form)) return std::nullopt;
    return match[1].str();
}

struct Message {
    enum class Origin { author, assertion, sdk } origin;
    std::string place, text, excerpt;
};

/// Reads line by line: errors become messages, lines of source with their caret go to the author's message before them.
class Reader {
  public:
    Reader(std::string_view source, std::span<const std::string> sdk) : source_(source), sdk_(sdk) {}

    void read(const std::string& line) {
        static const std::regex undefined(R"(^.*: (undefined reference to .*)$)");
        if (const auto found = placed(line)) return read_placed(*found);
        if (line.find(": In instantiation of ") != std::string::npos) led_from_.clear();
        std::smatch match;
        if (std::regex_match(line, match, undefined)) return add({Message::Origin::author, source_, match[1].str() + "; a plugin links nothing", ""});
        // The first line is the author's own, wherever it begins; what is under it is indented or a caret.
        takes_excerpt_ = takes_excerpt_ && !line.empty() &&
                         (messages_.back().excerpt.empty() || line.starts_with(" ") || line.find_first_not_of("^~") == std::string::npos);
        if (takes_excerpt_) messages_.back().excerpt += "\n" + line;
    }

    std::string text() const {
        const bool has_own = std::ranges::any_of(messages_, [](const Message& m) { return !is_ours(m); });
        std::vector<std::string> parts;
        for (const Message& m : messages_) {
            if (has_own && is_ours(m)) continue;
            const std::string part = (m.place.empty() ? source_ : m.place) + ": error: " + m.text + m.excerpt;
            if (std::ranges::find(parts, part) == parts.end()) parts.push_back(part);
        }
        return join(parts, "\n");
    }

  private:
    /// Errors of what our macro makes follow from others, and speak of what the author never wrote.
    static bool is_ours(const Message& m) {
        return m.origin == Message::Origin::sdk || (m.origin == Message::Origin::author && m.excerpt.find(" ETUDE_PLUGIN(") != std::string::npos) ||
               m.excerpt.starts_with("\nETUDE_PLUGIN(");
    }
    void read_placed(const Placed& found) {
        const bool in_sdk = std::ranges::any_of(sdk_, [&](const std::string& folder) { return found.file.starts_with(folder + "/"); });
        takes_excerpt_ = false;
        if (found.kind == "error") {
            if (!in_sdk) {
                add({Message::Origin::author, found.place, found.text, ""});
                takes_excerpt_ = true;
            } else if (const auto sentence = assertion(found.text)) {
                add({Message::Origin::assertion, led_from_, *sentence, ""});
            } else {
                add({Message::Origin::sdk, led_from_, found.text, ""});
            }
            led_from_.clear();
        } else if (!in_sdk) {
            // g++ says where the code came from before the error, clang++ in notes behind it.
            if (found.kind.empty() && led_from_.empty())
                led_from_ = found.place;
            else if (!messages_.empty() && messages_.back().place.empty())
                messages_.back().place = found.place;
        }
    }
    void add(Message message) { messages_.push_back(std::move(message)); }

    const std::string source_;
    const std::span<const std::string> sdk_;
    std::vector<Message> messages_;
    std::string led_from_;  ///< the author's line that the coming error was reached from
    bool takes_excerpt_ = false;
};

}  // namespace

std::string author_messages(std::string_view text, std::string_view source, std::span<const std::string> sdk) {
    Reader reader(source, sdk);
    for (const std::string& line : split(text, '\n')) reader.read(line);
    const std::string messages = reader.text();
    return messages.empty() ? std::string(trim(text)) : messages;
}

}  // namespace etude
