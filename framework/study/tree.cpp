#include "study/tree.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "base/value.hpp"

namespace etude {

const Entry* Node::find_entry(std::string_view key) const {
    const auto found = std::ranges::find(entries, key, &Entry::key);
    return found == entries.end() ? nullptr : &*found;
}

const Node* Node::find(std::string_view key) const {
    const Entry* entry = find_entry(key);
    return entry == nullptr ? nullptr : &entry->value;
}

Node* Node::find(std::string_view key) { return const_cast<Node*>(std::as_const(*this).find(key)); }

Node scalar_node(std::string text, bool quoted, const Place& place) {
    Node node;
    node.kind = Node::Kind::scalar;
    node.text = std::move(text);
    node.quoted = quoted;
    node.place = place;
    return node;
}

Node mapping_node(const Place& place) {
    Node node;
    node.kind = Node::Kind::mapping;
    node.place = place;
    return node;
}

Node list_node(const Place& place) {
    Node node;
    node.kind = Node::Kind::list;
    node.place = place;
    return node;
}

namespace {

std::string scalar_text(const Node& node) {
    if (node.quoted) return yaml_text(node.text);
    if (node.text == "true" || node.text == "false") return node.text;
    if (const auto value = parse_real(node.text)) return value_text(*value == 0 ? Value{0.0} : Value{*value});
    return yaml_text(node.text);
}

}  // namespace

std::string flow_text(const Node& node) {
    switch (node.kind) {
        case Node::Kind::null:
            return "null";
        case Node::Kind::scalar:
            return scalar_text(node);
        case Node::Kind::list: {
            std::vector<std::string> parts;
            for (const Node& item : node.items) parts.push_back(flow_text(item));
            return "[" + join(parts, ", ") + "]";
        }
        case Node::Kind::mapping: {
            std::vector<std::string> parts;
            for (const Entry& entry : node.entries) parts.push_back(yaml_text(entry.key) + ": " + flow_text(entry.value));
            return "{" + join(parts, ", ") + "}";
        }
    }
    return "";
}

bool same_meaning(const Node& a, const Node& b) {
    if (a.kind != b.kind || a.items.size() != b.items.size() || a.entries.size() != b.entries.size()) return false;
    if (a.is_scalar()) return scalar_text(a) == scalar_text(b);
    for (std::size_t i = 0; i < a.items.size(); ++i)
        if (!same_meaning(a.items[i], b.items[i])) return false;
    return std::ranges::all_of(a.entries, [&](const Entry& entry) {
        const Node* other = b.find(entry.key);
        return other != nullptr && same_meaning(entry.value, *other);
    });
}

std::string kind_name(const Node& node) {
    switch (node.kind) {
        case Node::Kind::null:
            return "nothing";
        case Node::Kind::list:
            return "a list";
        case Node::Kind::mapping:
            return "a mapping";
        case Node::Kind::scalar:
            break;
    }
    if (node.quoted) return "text in quotes";
    if (node.text == "true" || node.text == "false") return "a flag";
    return parse_real(node.text) ? "a number" : "a word";
}

Node node_from_text(const std::string& flow) {
    Diagnostics diagnostics;
    auto node = parse_yaml({std::make_shared<Source>(Source{"", flow, true}), 0}, diagnostics);
    ETUDE_ASSERT(node.has_value(), "own YAML does not read back: " + flow + "\n" + diagnostics.render());
    return std::move(*node);
}

}  // namespace etude
