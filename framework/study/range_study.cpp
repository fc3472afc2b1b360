#include "study/range_study.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "study/path.hpp"
#include "study/sweep_override.hpp"
#include "train/range_test.hpp"

namespace etude {
namespace {

bool is_of_rates(const std::string& key) {
    const Path path = parse_path(key);
    return !path.empty() && (path == Path{"optimizer", "lr"} || path == Path{"train", "epochs"} || path.front() == "early_stop" ||
                             path.front() == "schedule" || path.front() == "schedules");
}

/// An axis that a range test has no use for.
struct RateAxis {
    Place place;
    std::string path;
};

/// Those of `mapping`, whose keys go on from `prefix`; `is_parameters`: it is W&B's, where parameters may have parameters.
void find_axes(const Node& mapping, const std::string& prefix, bool is_parameters, std::vector<RateAxis>& found) {
    for (const Entry& entry : mapping.entries) {
        const std::string path = prefix + entry.key;
        if (is_of_rates(path)) found.push_back({entry.key_place, path});
        else if (const Node* nested = is_parameters ? entry.value.find("parameters") : nullptr) find_axes(*nested, path + ".", true, found);
        if (entry.key != "zip" && entry.key != "halton" && entry.key != "cases" && entry.key != "parameters") continue;
        if (entry.value.is_mapping()) find_axes(entry.value, "", entry.key == "parameters", found);
        for (const Node& group : entry.value.items) find_axes(group, "", false, found);
    }
}

/// An exclusion of rates excludes whatever else it names: it goes as a whole.
void drop_exclusions(Node& block) {
    Node* exclude = block.find("exclude");
    if (exclude == nullptr) return;
    std::erase_if(exclude->items,
                  [](const Node& item) { return std::ranges::any_of(item.entries, [](const Entry& e) { return is_of_rates(e.key); }); });
    if (exclude->items.empty()) std::erase_if(block.entries, [](const Entry& entry) { return entry.key == "exclude"; });
}

void drop_axes(Node& root, Diagnostics& diagnostics) {
    Node* sweep = root.find("sweep");
    if (sweep == nullptr) return;
    std::vector<RateAxis> found;
    find_axes(*sweep, "", false, found);
    for (const Node& block : sweep->items) find_axes(block, "", false, found);
    for (const RateAxis& axis : found) {
        diagnostics.warning(axis.place, "a range test leaves '" + axis.path + "' out: its rates are those of its ramp");
        drop_axis(root, parse_path(axis.path));
    }
    drop_exclusions(*sweep);
    for (Node& block : sweep->items) drop_exclusions(block);
    if (sweep->is_mapping() && sweep->entries.empty()) std::erase_if(root.entries, [](const Entry& entry) { return entry.key == "sweep"; });
}

}  // namespace

void leave_out_rates(Node& root, Diagnostics& diagnostics) {
    const Entry* const entry = root.find_entry("range_test");
    if (entry == nullptr || entry->value.is_null()) return;
    drop_axes(root, diagnostics);
    std::erase_if(root.entries, [](const Entry& e) {
        return e.key == "schedule" || e.key == "schedules" || e.key == "metric" || e.key == "target" || e.key == "early_stop";
    });

    const Place place = root.find_entry("range_test")->key_place;
    if (Node* optimizer = root.find("optimizer"); optimizer != nullptr && optimizer->is_scalar()) {
        Node mapping = mapping_node(optimizer->place);
        mapping.entries.push_back({"name", optimizer->place, *optimizer});
        *optimizer = std::move(mapping);
    }
    const Node* from = root.find("range_test")->find("from");
    const std::optional<double> given = from != nullptr && from->is_scalar() ? parse_real(from->text) : std::nullopt;
    const double first = given && *given > 0 ? *given : RangeTestSpec{}.from;  // a wrong one is reported where it stands
    const Node rate = scalar_node(number(first), false, place);
    fix_inside_axes(root, {"optimizer", "lr"}, rate, place);
    if (const Node* optimizer = root.find("optimizer"); optimizer != nullptr && optimizer->is_mapping())
        assign_at(root, {"optimizer", "lr"}, rate, place);
}

}  // namespace etude
