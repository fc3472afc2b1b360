// framework/study/yaml.cpp - the only file that knows yaml-cpp.
//
// The parser's events build the tree directly (not yaml-cpp's own nodes), because events tell what its nodes hide: quotes, tags, and
// an alias to a node that is still open. Aliases are copied, so what is built is a tree; a count of all nodes bounds what they multiply.
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include "base/text.hpp"
#include "study/tree.hpp"

namespace etude {
namespace {

/// Reading cannot go on; the message is in the diagnostics.
struct Stop {};

/// Turns yaml-cpp's lines and byte columns (from 0) into places.
class Marks {
  public:
    explicit Marks(const YamlText& text) : text_(text) {
        const std::string& content = text.source->content;
        lines_.push_back(text.offset);
        for (std::size_t i = text.offset; i < content.size(); ++i)
            if (content[i] == '\n') lines_.push_back(i + 1);
    }
    std::size_t byte(const YAML::Mark& mark) const {
        if (mark.is_null()) return text_.offset;
        const auto line = std::min(static_cast<std::size_t>(std::max(0, mark.line)), lines_.size() - 1);
        return std::min(lines_[line] + static_cast<std::size_t>(std::max(0, mark.column)), text_.source->content.size());
    }
    Place place(const YAML::Mark& mark) const { return place_of_byte(byte(mark)); }
    Place place_of_byte(std::size_t byte) const {
        const std::string& content = text_.source->content;
        const auto line = static_cast<std::size_t>(std::ranges::upper_bound(lines_, byte) - lines_.begin()) - 1;
        // The first line of an argument begins before the YAML does.
        const std::size_t start = line == 0 ? 0 : lines_[line];
        const auto column = character_count(std::string_view(content).substr(start, byte - start));
        return {text_.source, static_cast<int>(line) + 1, static_cast<int>(column) + 1};
    }

  private:
    const YamlText& text_;
    std::vector<std::size_t> lines_;  // byte at which each line begins
};

struct Extent {
    std::size_t nodes = 1;
    int height = 1;
};

Extent extent_of(const Node& node) {
    Extent extent;
    const auto add = [&](const Node& child) {
        const Extent inner = extent_of(child);
        extent.nodes += inner.nodes;
        extent.height = std::max(extent.height, inner.height + 1);
    };
    for (const Node& item : node.items) add(item);
    for (const Entry& entry : node.entries) add(entry.value);
    return extent;
}

class Builder : public YAML::EventHandler {
  public:
    Builder(const YamlText& text, const Marks& marks, Diagnostics& diagnostics) : text_(text), marks_(marks), diagnostics_(diagnostics) {}

    std::optional<Node> take() { return std::move(root_); }
    /// Where what is open begins.
    Place innermost_place(const Place& otherwise) const { return open_.empty() ? otherwise : open_.back().node.place; }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (root_) stop(marks_.place(mark), "a second document begins here", "a study is one document: remove what follows `---`");
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        Node node;
        node.place = null_place(mark);
        finish(std::move(node), anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchored_.find(anchor);
        if (found == anchored_.end())
            stop(marks_.place(mark), "a node contains itself", "an alias `*name` may stand only after its anchored value has ended");
        const auto& [node, extent] = found->second;
        if (static_cast<int>(open_.size()) + extent.height > max_yaml_depth) too_deep(marks_.place(mark));
        count(extent.nodes, marks_.place(mark));
        finish(node, 0);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
        const Place place = marks_.place(mark);
        check_tag(tag, place);
        if (tag == "!") check_closed(mark);
        for (const char c : value)
            if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') stop(place, "a control character inside a text");
        finish(scalar_node(value, tag == "!" || tag.ends_with(":str"), place), anchor);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
        open(list_node(marks_.place(mark)), tag, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
        open(mapping_node(marks_.place(mark)), tag, anchor);
    }
    void OnMapEnd() override { close(); }

  private:
    /// A list or mapping whose end has not come yet.
    struct Open {
        Node node;
        YAML::anchor_t anchor = 0;
        std::optional<Node> key;   // of a mapping: read, its value not yet
        std::vector<Node> merged;  // values of `<<`
        bool drops_value = false;  // its key was refused
    };

    [[noreturn]] void stop(const Place& place, std::string message, std::string hint = "") {
        diagnostics_.error(place, std::move(message), std::move(hint));
        throw Stop{};
    }
    [[noreturn]] void too_deep(const Place& place) { stop(place, "nested more than " + std::to_string(max_yaml_depth) + " levels deep"); }

    /// Reading goes on, so that all errors of a file are shown.
    void fail(const Place& place, std::string message, std::string hint = "") { diagnostics_.error(place, std::move(message), std::move(hint)); }

    void count(std::size_t nodes, const Place& place) {
        nodes_ += nodes;
        if (nodes_ > max_yaml_nodes) stop(place, "more than " + std::to_string(max_yaml_nodes) + " values, aliases expanded");
    }

    void check_tag(const std::string& tag, const Place& place) {
        const bool known = tag.empty() || tag == "?" || tag == "!" || tag.starts_with("tag:yaml.org,2002:");
        if (!known) fail(place, "the tag '" + tag + "' has no meaning here", "remove it");
    }

    /// yaml-cpp takes a quote that is never closed as closed by the end of the file.
    void check_closed(const YAML::Mark& mark) {
        const std::string& content = text_.source->content;
        std::size_t at = marks_.byte(mark);
        const char quote = at < content.size() ? content[at] : ' ';
        if (quote != '"' && quote != '\'') return;  // behind an anchor or a tag
        for (++at; at < content.size(); ++at) {
            if (content[at] == '\\' && quote == '"')
                ++at;
            else if (content[at] == quote && quote == '\'' && at + 1 < content.size() && content[at + 1] == quote)
                ++at;
            else if (content[at] == quote)
                return;
        }
        stop(marks_.place(mark), "the quote that opens here is never closed");
    }

    /// `key:` without a value is marked at whatever follows; its place is the key's.
    Place null_place(const YAML::Mark& mark) const {
        const std::string_view rest = std::string_view(text_.source->content).substr(marks_.byte(mark));
        const bool written = rest.starts_with('~') || rest.starts_with("null") || rest.starts_with("Null") || rest.starts_with("NULL");
        if (!written && !open_.empty() && open_.back().key) return open_.back().key->place;
        return marks_.place(mark);
    }

    void open(Node node, const std::string& tag, YAML::anchor_t anchor) {
        check_tag(tag, node.place);
        if (static_cast<int>(open_.size()) >= max_yaml_depth) too_deep(node.place);
        count(1, node.place);
        open_.push_back({std::move(node), anchor, std::nullopt, {}, false});
    }

    void close() {
        Open done = std::move(open_.back());
        open_.pop_back();
        merge(done);
        --nodes_;  // finish counts it again
        finish(std::move(done.node), done.anchor);
    }

    void finish(Node node, YAML::anchor_t anchor) {
        count(1, node.place);
        if (anchor != 0) anchored_.insert_or_assign(anchor, std::pair(node, extent_of(node)));
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        Open& parent = open_.back();
        if (parent.node.is_list())
            parent.node.items.push_back(std::move(node));
        else if (!parent.key)
            take_key(parent, std::move(node));
        else
            take_value(parent, std::move(node));
    }

    void take_key(Open& parent, Node key) {
        if (!key.is_scalar()) {
            fail(key.place, "a key must be a word, not " + kind_name(key));
            parent.drops_value = true;
        } else if ((key.text != "<<" || key.quoted) && parent.node.find_entry(key.text) != nullptr)
            fail(key.place, "'" + key.text + "' is given twice"), parent.drops_value = true;
        parent.key = std::move(key);
    }

    void take_value(Open& parent, Node value) {
        Node key = std::move(*parent.key);
        parent.key.reset();
        if (std::exchange(parent.drops_value, false)) return;
        if (key.text == "<<" && !key.quoted)
            parent.merged.push_back(std::move(value));
        else
            parent.node.entries.push_back({key.text, key.place, std::move(value)});
    }

    /// `<<: *base` and `<<: [*a, *b]`: keys that are not given here come from there, the first that has them wins.
    void merge(Open& done) {
        const auto add = [&](const Node& from) {
            if (!from.is_mapping()) return fail(from.place, "`<<` merges mappings; this is " + kind_name(from));
            for (const Entry& entry : from.entries)
                if (done.node.find_entry(entry.key) == nullptr) done.node.entries.push_back(entry);
        };
        for (const Node& from : done.merged)
            if (from.is_list())
                std::ranges::for_each(from.items, add);
            else
                add(from);
    }

    const YamlText& text_;
    const Marks& marks_;
    Diagnostics& diagnostics_;
    std::vector<Open> open_;
    std::map<YAML::anchor_t, std::pair<Node, Extent>> anchored_;
    std::optional<Node> root_;
    std::size_t nodes_ = 0;
};

/// The first byte that is no UTF-8 text (or a control character), or npos.
std::size_t first_bad_byte(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t length = lead < 0x80 ? 1 : lead >= 0xC2 && lead < 0xE0 ? 2 : (lead >> 4) == 14 ? 3 : lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
        if (length == 0 || at + length > text.size()) return at;
        if (length == 1 && lead < 0x20 && lead != '\n' && lead != '\r' && lead != '\t') return at;
        for (std::size_t i = 1; i < length; ++i)
            if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return at;
        at += length;
    }
    return std::string_view::npos;
}

/// yaml-cpp's words where they are clear, ours where they are not. (From 0.8 on it names the anchor that is missing.)
std::string reason_of(const YAML::Exception& failure) {
    const std::string& text = failure.msg;
    if (text == "illegal map value") return "a ':' that cannot stand here";
    if (text == "end of sequence flow not found") return "a list '[' is never closed by ']'";
    if (text == "end of map flow not found") return "a mapping '{' is never closed by '}'";
    if (text == "end of map not found" || text == "end of sequence not found") return "this line does not fit the indentation of the lines above";
    if (text == "illegal flow end") return "a bracket closes what was never opened";
    if (text.starts_with("the referenced anchor is not defined")) return "no anchor `&name` of this alias stands before it";
    if (text == "unknown token") return "a character that cannot begin a value; put the value in quotes";
    return "not valid YAML: " + text;
}

std::string tab_hint(const Source& source, int line) {
    const auto lines = split(source.content, '\n');
    const bool has_tab = line >= 1 && static_cast<std::size_t>(line) <= lines.size() && lines[static_cast<std::size_t>(line) - 1].starts_with('\t');
    return has_tab ? "YAML indents with blanks, not with tabs" : "";
}

/// Bytes of a byte-order mark at the beginning, which yaml-cpp would take for columns.
std::size_t skip_byte_order_mark(const YamlText& text) {
    return std::string_view(text.source->content).substr(text.offset, text.length).starts_with("\xEF\xBB\xBF") ? 3 : 0;
}

}  // namespace

std::optional<Node> parse_yaml(const YamlText& given, Diagnostics& diagnostics) {
    const std::size_t mark = skip_byte_order_mark(given);
    const YamlText text{given.source, given.offset + mark, given.length == std::string_view::npos ? given.length : given.length - mark};
    const std::string yaml = text.source->content.substr(text.offset, text.length);
    const Marks marks(text);
    if (yaml.size() > max_yaml_bytes) {
        const auto unshown = std::make_shared<Source>(Source{text.source->name, "", text.source->is_argument});  // its line may be all of it
        diagnostics.error({unshown, 1, 1}, "larger than 4 MiB (" + std::to_string(yaml.size()) + " bytes)");
        return std::nullopt;
    }
    if (const std::size_t bad = first_bad_byte(yaml); bad != std::string_view::npos) {
        diagnostics.error(marks.place_of_byte(text.offset + bad), "not UTF-8 text", "a study is a text file; save it as UTF-8");
        return std::nullopt;
    }
    Builder builder(text, marks, diagnostics);
    try {
        std::istringstream in(yaml);
        YAML::Parser parser(in);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const Stop&) {
        return std::nullopt;
    } catch (const YAML::Exception& failure) {
        const Place place = marks.place(failure.mark);
        const bool is_unclosed = failure.msg.starts_with("end of") && failure.msg.find("flow") != std::string::npos;
        diagnostics.error(is_unclosed ? builder.innermost_place(place) : place, reason_of(failure), tab_hint(*text.source, place.line));
        return std::nullopt;
    }
    std::optional<Node> root = builder.take();
    if (!root) root = Node{Node::Kind::null, "", false, {}, {}, {text.source, 1, 1}};
    return root;
}

}  // namespace etude
