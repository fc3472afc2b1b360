#include "study/path.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace etude {
namespace {

/// The place in `list` that `part` names, if there is one.
std::optional<std::size_t> list_place(const Node& list, const std::string& part) {
    const bool digits = !part.empty() && part.size() < 10 && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
    if (!digits) return std::nullopt;
    const std::size_t i = std::stoul(part);
    return i < list.items.size() ? std::optional(i) : std::nullopt;
}

/// Is what the first `depth` parts lead to a layer: model.0, model.2.residual.body.1?
bool is_layer(const Path& path, std::size_t depth) { return path[0] == "model" && depth % 3 == 2; }

/// A bare name stands for a mapping: `loss: NAME` for {name: NAME}, a layer `NAME` for {NAME: {}}, `monitor: NAME` for {metric: NAME}.
Node opened(const Node& word, const Path& path, std::size_t depth) {
    Node mapping = mapping_node(word.place);
    if (is_layer(path, depth))
        mapping.entries.push_back({word.text, word.place, mapping_node(word.place)});
    else
        mapping.entries.push_back({depth == 2 ? "metric" : "name", word.place, word});
    return mapping;
}

bool can_open(const Node& node, const Path& path, std::size_t depth) {
    if (!node.is_scalar()) return false;
    if (is_layer(path, depth)) return true;
    if (depth == 2) return path[0] == "schedule" && path[1] == "monitor";
    return depth == 1 && path[0] != "model";
}

std::string sub_path(const Path& path, std::size_t depth) { return path_text(Path(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(depth))); }

}  // namespace

Path parse_path(std::string_view text) {
    Path path = split(text, '.');
    if (std::ranges::any_of(path, [](const std::string& part) { return part.empty(); })) path.clear();
    if (path.size() > 2 && path[0] == "schedules") {
        path[1] += "." + path[2];
        path.erase(path.begin() + 2);
    }
    return path;
}

std::string path_text(const Path& path) { return join(path, "."); }

bool contains(const Path& outer, const Path& inner) { return outer.size() <= inner.size() && std::equal(outer.begin(), outer.end(), inner.begin()); }

const Node* find_at(const Node& root, const Path& path) {
    const Node* node = &root;
    for (std::size_t depth = 0; depth < path.size(); ++depth) {
        const std::string& part = path[depth];
        if (node->is_list()) {
            const auto i = list_place(*node, part);
            node = i ? &node->items[*i] : nullptr;
        } else if (node->is_scalar()) {
            const bool is_name = can_open(*node, path, depth) && part == (depth == 2 ? "metric" : "name") && path[0] != "model";
            return is_name && depth + 1 == path.size() ? node : nullptr;
        } else
            node = node->find(part);
        if (node == nullptr) return nullptr;
    }
    return node;
}

std::optional<PathProblem> assign_at(Node& root, const Path& path, Node value, const Place& key_place) {
    Node* node = &root;
    for (std::size_t depth = 0; depth < path.size(); ++depth) {
        const std::string& part = path[depth];
        if (can_open(*node, path, depth)) *node = opened(*node, path, depth);
        if (node->is_list()) {
            const auto i = list_place(*node, part);
            if (!i) {
                const std::string count = std::to_string(node->items.size());
                return PathProblem{"'" + path_text(path) + "': '" + sub_path(path, depth) + "' has no place '" + part + "'",
                                   "places count from 0; the list has " + count + (node->items.size() == 1 ? " entry" : " entries")};
            }
            node = &node->items[*i];
            continue;
        }
        if (node->is_scalar())
            return PathProblem{"'" + path_text(path) + "': '" + sub_path(path, depth) + "' is " + kind_name(*node) + " and has no keys", ""};
        if (node->is_null()) *node = mapping_node(key_place);
        if (node->find(part) == nullptr) node->entries.push_back({part, key_place, Node{Node::Kind::null, "", false, {}, {}, key_place}});
        node = node->find(part);
    }
    *node = std::move(value);
    return std::nullopt;
}

void merge_over(Node& base, Node over) {
    if (!base.is_mapping() || !over.is_mapping()) {
        base = std::move(over);
        return;
    }
    base.place = over.place;
    for (Entry& entry : over.entries) {
        const auto found = std::ranges::find(base.entries, entry.key, &Entry::key);
        if (found == base.entries.end())
            base.entries.push_back(std::move(entry));
        else
            found->key_place = entry.key_place, merge_over(found->value, std::move(entry.value));
    }
}

}  // namespace etude
