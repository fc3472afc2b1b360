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

/// The mappings of plain axes in a block: itself, and its `zip` groups.
template <class F>
void for_each_axes(Node& block, F&& f) {
    f(block);
    if (Node* zip = block.find("zip")) for_each_mapping(*zip, f);
}

bool erase_key(Node& mapping, const std::string& key) {
    return std::erase_if(mapping.entries, [&](const Entry& entry) { return entry.key == key; }) > 0;
}

/// W&B's parameters: a path may be written in one key, or as `parameters` inside parameters. `path` is what lies below `parameters`.
bool erase_parameter(Node& parameters, const Path& path) {
    for (std::size_t length = 1; length <= path.size(); ++length) {
        const Path outer(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(length));
        if (length == path.size()) return erase_key(parameters, path_text(outer));
        Node* const parameter = parameters.find(path_text(outer));
        Node* const nested = parameter == nullptr ? nullptr : parameter->find("parameters");
        if (nested == nullptr || !erase_parameter(*nested, Path(path.begin() + static_cast<std::ptrdiff_t>(length), path.end()))) continue;
        if (nested->entries.empty()) erase_key(parameters, path_text(outer));
        return true;
    }
    return false;
}

/// Takes the path out of what is no plain axis: cases, a halton group, W&B's parameters. True when it was there.
bool take_out(Node& block, const Path& path) {
    const std::string key = path_text(path);
    bool found = false;
    if (Node* halton = block.find("halton"); halton != nullptr && halton->is_mapping() && erase_key(*halton, key)) {
        found = true;
        const auto is_axis = [](const Entry& entry) { return entry.key != "draws" && entry.key != "seed"; };
        if (std::ranges::none_of(halton->entries, is_axis)) erase_key(block, "halton");
    }
    if (Node* cases = block.find("cases"); cases != nullptr && cases->is_list()) {
        bool here = false;
        for (Node& item : cases->items) here = erase_key(item, key) || here;
        found = found || here;
        const auto is_empty = [](const Node& item) {
            return std::ranges::all_of(item.entries, [](const Entry& entry) { return entry.key == "as"; });
        };
        if (here && std::ranges::all_of(cases->items, is_empty)) erase_key(block, "cases");
    }
    if (Node* parameters = block.find("parameters"); parameters != nullptr && erase_parameter(*parameters, path)) {
        found = true;
        if (parameters->entries.empty())
            std::erase_if(block.entries, [](const Entry& e) { return e.key == "parameters" || e.key == "method" || e.key == "run_cap"; });
    }
    return found;
}

void add_parameter_paths(const Node& parameters, const std::string& prefix, std::vector<Path>& paths) {
    for (const Entry& entry : parameters.entries) {
        if (const Node* nested = entry.value.find("parameters")) add_parameter_paths(*nested, prefix + entry.key + ".", paths);
        else paths.push_back(parse_path(prefix + entry.key));
    }
}

/// Every path that the block sweeps, in whatever form.
std::vector<Path> paths_of(Node& block) {
    std::vector<Path> paths;
    const auto add = [&](const Node& axes) {
        for (const Entry& entry : axes.entries) paths.push_back(parse_path(entry.key));
    };
    for_each_axes(block, add);
    if (Node* halton = block.find("halton")) add(*halton);
    if (Node* cases = block.find("cases")) std::ranges::for_each(cases->items, add);
    if (Node* parameters = block.find("parameters")) add_parameter_paths(*parameters, "", paths);
    return paths;
}

}  // namespace

void replace_axis(Node& root, const Path& path, Node axis, const Place& key_place) {
    const std::string key = path_text(path);
    if (root.find("sweep") == nullptr || root.find("sweep")->is_null()) assign_at(root, {"sweep"}, mapping_node(key_place), key_place);
    Node& sweep = *root.find("sweep");
    bool found = false;
    for_each_mapping(sweep, [&](Node& block) {
        if (take_out(block, path)) {
            block.entries.push_back({key, key_place, axis});
            found = true;
            return;
        }
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
    for_each_mapping(*sweep, [&](Node& block) {
        take_out(block, path);
        for_each_axes(block, [&](Node& axes) { erase_key(axes, key); });
        Node* zip = block.find("zip");
        if (zip == nullptr) return;
        std::erase_if(zip->items, [](const Node& group) { return group.is_mapping() && group.entries.empty(); });
        const bool is_empty = (zip->is_mapping() && zip->entries.empty()) || (zip->is_list() && zip->items.empty());
        if (is_empty) erase_key(block, "zip");
    });
}

void fix_inside_axes(Node& root, const Path& path, const Node& value, const Place& key_place) {
    Node* sweep = root.find("sweep");
    if (sweep == nullptr) return;
    for_each_mapping(*sweep, [&](Node& block) {
        const std::vector<Path> paths = paths_of(block);
        if (std::ranges::none_of(paths, [&](const Path& axis) { return !axis.empty() && contains(axis, path); })) return;
        Node axis = list_node(value.place);
        axis.items.push_back(value);
        block.entries.push_back({path_text(path), key_place, std::move(axis)});
    });
}

}  // namespace etude
