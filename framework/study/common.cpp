#include "study/common.hpp"

#include <algorithm>

namespace etude {
namespace {

/// Do two values of one key belong together? Parameters of different optimizers do not.
bool same_name(const Node& a, const Node& b) {
    const Node *x = a.find("name"), *y = b.find("name");
    return (x == nullptr) == (y == nullptr) && (x == nullptr || same_meaning(*x, *y));
}

void differ(Node& common) { common = Node{Node::Kind::null, "", false, {}, {}, common.place}; }

/// Leaves in `common` what `other` has too; a key that only one of them has counts as differing.
void intersect(Node& common, const Node& other) {
    if (!common.is_mapping() || !other.is_mapping()) {
        if (!same_meaning(common, other)) differ(common);
        return;
    }
    if (!same_name(common, other)) return differ(common);
    for (Entry& entry : common.entries) {
        if (const Node* value = other.find(entry.key))
            intersect(entry.value, *value);
        else
            differ(entry.value);
    }
    for (const Entry& entry : other.entries)
        if (common.find(entry.key) == nullptr) common.entries.push_back({entry.key, {}, Node{}});
}

bool has_difference(const Node& common) {
    return common.is_null() || std::ranges::any_of(common.entries, [](const Entry& entry) { return has_difference(entry.value); });
}

bool is_ratio_of_shared(const std::string& key, const Node& common) {
    if (!key.ends_with("_ratio")) return false;
    const Node* base = common.find(key.substr(0, key.size() - 6));
    return base != nullptr && !has_difference(*base);
}

Node overlaid(const Node* written, const Node& common) {
    if (!has_difference(common)) return common;
    const Node nothing = mapping_node(common.place);
    if (common.is_null()) return written == nullptr ? common : *written;
    if (written == nullptr) written = &nothing;
    if (!written->is_mapping()) return *written;  // a bare name, or null
    Node result = mapping_node(common.place);
    for (const Entry& entry : common.entries) {
        Node value = overlaid(written->find(entry.key), entry.value);
        const bool is_written_null = value.is_null() && written->find(entry.key) != nullptr;
        if (!value.is_null() || is_written_null) result.entries.push_back({entry.key, {}, std::move(value)});
    }
    for (const Entry& entry : written->entries)
        if (common.find(entry.key) == nullptr && !is_ratio_of_shared(entry.key, common)) result.entries.push_back(entry);
    return result;
}

}  // namespace

void CommonTree::add(const Node& resolved) {
    if (common_)
        intersect(*common_, resolved);
    else
        common_ = resolved;
}

Node CommonTree::over(const Node& written) const { return common_ ? overlaid(&written, *common_) : written; }

}  // namespace etude
