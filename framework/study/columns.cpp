#include "study/columns.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "study/rate_finder.hpp"

namespace etude {
namespace {

/// `{epochs: 5}` and `{find_lr: valley}` are one value.
bool is_one_value(const Node& node) {
    if (is_rate_request(node)) return true;
    if (!node.is_mapping() || node.entries.size() != 1 || !node.entries[0].value.is_scalar()) return false;
    const std::string& key = node.entries[0].key;
    return key == "epochs" || key == "updates" || key == "fraction";
}

void add_leaves(const Node& value, const Path& path, std::vector<Path>& leaves) {
    if (!value.is_mapping() || value.entries.empty() || is_one_value(value)) {
        leaves.push_back(path);
        return;
    }
    for (const Entry& entry : value.entries) {
        Path inner = path;
        inner.push_back(entry.key);
        add_leaves(entry.value, inner, leaves);
    }
}

/// Beside mappings, a bare word is a name (`loss: [mean_squared_error, {name: ..., ...}]`) and null is nothing.
std::vector<Path> columns_of(const Track& track) {
    const bool has_mapping = std::ranges::any_of(track.values, [](const AxisValue& v) { return v.value.is_mapping() && !is_one_value(v.value); });
    std::vector<Path> columns;
    for (const AxisValue& value : track.values) {
        Path path = track.path;
        if (!value.given) continue;
        if (has_mapping && value.value.is_null()) continue;
        if (has_mapping && value.value.is_scalar() && path.size() == 1) path.push_back("name");
        add_leaves(value.value, path, columns);
    }
    return columns;
}

bool is_leaf(const Node& node) {
    if (node.is_list()) return std::ranges::none_of(node.items, [](const Node& item) { return item.is_mapping() && !is_one_value(item); });
    return node.is_scalar() || is_one_value(node);
}

}  // namespace

std::vector<Path> swept_columns(const Grid& grid) {
    std::vector<Path> columns;
    for (const Block& block : grid.blocks())
        for (const Axis& axis : block.axes)
            for (const Track& track : axis.tracks)
                for (Path& path : columns_of(track))
                    if (std::ranges::find(columns, path) == columns.end()) columns.push_back(std::move(path));
    return columns;
}

std::vector<Path> leaves_of(const Node& value, const Path& path) {
    std::vector<Path> leaves;
    add_leaves(value, path, leaves);
    return leaves;
}

std::string leaf_text(const Node& leaf) {
    if (leaf.is_null()) return "";
    return leaf.is_scalar() && (leaf.quoted || !parse_real(leaf.text)) ? leaf.text : flow_text(leaf);
}

std::string cell_text(const Node* resolved, const Node* written) {
    if (resolved != nullptr && is_leaf(*resolved)) return leaf_text(*resolved);
    return written == nullptr ? "" : leaf_text(*written);
}

}  // namespace etude
