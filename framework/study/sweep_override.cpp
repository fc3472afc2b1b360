#include "study/sweep_override.hpp"

#include <algorithm>

namespace etude {
namespace {

/// `one`, or every entry of a list of such.
template <class F>
void for_each_mapping(Node& node, F&& f) {
    if (node.is_mapping()) f(node);
    for (Node& item : node.items)
        if (item.is_mapping()) f(item);
}

/// The mappings of axes in a block: itself, and its `zip` groups.
template <class F>
void for_each_axes(Node& block, F&& f) {
    f(block);
    if (Node* zip = block.find("zip")) for_each_mapping(*zip, f);
}

}  // namespace

void replace_axis(Node& root, const Path& path, Node axis, const Place& key_place) {
    const std::string key = path_text(path);
    if (root.find("sweep") == nullptr || root.find("sweep")->is_null()) assign_at(root, {"sweep"}, mapping_node(key_place), key_place);
    Node& sweep = *root.find("sweep");
    bool found = false;
    for_each_mapping(sweep, [&](Node& block) {
        for_each_axes(block, [&](Node& axes) {
            const auto entry = std::ranges::find(axes.entries, key, &Entry::key);
            if (entry == axes.entries.end()) return;
            *entry = {key, key_place, axis};
            found = true;
        });
    });
    if (!found) for_each_mapping(sweep, [&](Node& block) { block.entries.push_back({key, key_place, axis}); });
}

void drop_axis(Node& root, const Path& path) {
    Node* sweep = root.find("sweep");
    if (sweep == nullptr) return;
    const std::string key = path_text(path);
    const auto drop = [&](Node& axes) { std::erase_if(axes.entries, [&](const Entry& entry) { return entry.key == key; }); };
    for_each_mapping(*sweep, [&](Node& block) {
        for_each_axes(block, drop);
        Node* zip = block.find("zip");
        if (zip == nullptr) return;
        std::erase_if(zip->items, [](const Node& group) { return group.is_mapping() && group.entries.empty(); });
        const bool is_empty = (zip->is_mapping() && zip->entries.empty()) || (zip->is_list() && zip->items.empty());
        if (is_empty) std::erase_if(block.entries, [](const Entry& entry) { return entry.key == "zip"; });
    });
}

void fix_inside_axes(Node& root, const Path& path, const Node& value, const Place& key_place) {
    Node* sweep = root.find("sweep");
    if (sweep == nullptr) return;
    for_each_mapping(*sweep, [&](Node& block) {
        bool is_inside = false;
        for_each_axes(block, [&](Node& axes) {
            for (const Entry& entry : axes.entries) {
                const Path axis = parse_path(entry.key);
                is_inside = is_inside || (!axis.empty() && contains(axis, path));
            }
        });
        if (!is_inside) return;
        Node axis = list_node(value.place);
        axis.items.push_back(value);
        block.entries.push_back({path_text(path), key_place, std::move(axis)});
    });
}

}  // namespace etude
