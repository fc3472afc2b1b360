// framework/study/tree.hpp - YAML as a tree of plain values that know their place.
//
// yaml-cpp stays behind parse_yaml(): it accepts duplicate keys, several documents and aliases without end, counts bytes instead of
// characters and throws; here all of that becomes placed diagnostics and a finite tree.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"

namespace etude {

struct Entry;

struct Node {
    enum class Kind { null, scalar, list, mapping };
    Kind kind = Kind::null;
    std::string text;            ///< of a scalar
    bool quoted = false;         ///< a scalar in quotes is never a number, a flag or null
    std::vector<Node> items;     ///< of a list
    std::vector<Entry> entries;  ///< of a mapping, in the order of the file
    Place place;                 ///< first character

    bool is_null() const { return kind == Kind::null; }
    bool is_scalar() const { return kind == Kind::scalar; }
    bool is_list() const { return kind == Kind::list; }
    bool is_mapping() const { return kind == Kind::mapping; }
    const Node* find(std::string_view key) const;  ///< of a mapping; nullptr when there is no such key
    Node* find(std::string_view key);
    const Entry* find_entry(std::string_view key) const;
};

struct Entry {
    std::string key;
    Place key_place;
    Node value;
};

/// What a study may be at most: files of people, not of programs.
inline constexpr std::size_t max_yaml_bytes = 4u << 20;
inline constexpr int max_yaml_depth = 64;
inline constexpr std::size_t max_yaml_nodes = 200'000;  // aliases expanded

/// Where a text stands inside its source: arguments hold YAML behind `path=`.
struct YamlText {
    std::shared_ptr<const Source> source;
    std::size_t offset = 0;                       ///< bytes
    std::size_t length = std::string_view::npos;  ///< bytes; npos: all that follows
};

/// The one document of `text`, or nothing when it cannot be read at all. Errors go to `diagnostics`; what was refused is left out of the
/// tree, so that the rest can be checked too. An empty document is a null node.
std::optional<Node> parse_yaml(const YamlText& text, Diagnostics& diagnostics);

/// Parts of what is written, for programs: scalars, and mappings in order.
Node scalar_node(std::string text, bool quoted, const Place& place);
Node mapping_node(const Place& place);
Node list_node(const Place& place);
/// A node from a text that this program wrote itself (value_text).
Node node_from_text(const std::string& flow);

/// Flow style on one line, numbers in their shortest form: equal meaning, equal text (but for the order of keys).
std::string flow_text(const Node& node);
/// Do they mean the same: whatever the form of numbers and the order of keys?
bool same_meaning(const Node& a, const Node& b);
/// "a number", "a list", ... for messages.
std::string kind_name(const Node& node);

}  // namespace etude
