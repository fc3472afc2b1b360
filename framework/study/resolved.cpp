#include "study/resolved.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "study/emit.hpp"
#include "study/limits.hpp"

namespace etude {
namespace {

bool is_part(const std::string& key) {
    static const std::set<std::string> parts{"data",      "model",  "loss",       "train",      "optimizer",  "schedule",
                                             "schedules", "groups", "divergence", "range_test", "early_stop", "record"};
    return parts.contains(key);
}

Node seeds_node(const Header& header) {
    if (header.tune_seeds > 0) {
        Node split = mapping_node({});
        split.entries.push_back({"tune", {}, scalar_node(std::to_string(header.tune_seeds), false, {})});
        split.entries.push_back({"report", {}, scalar_node(std::to_string(header.seeds.size() - header.tune_seeds), false, {})});
        return split;
    }
    Node list = list_node({});
    bool counts_up = true;
    for (const std::uint64_t seed : header.seeds) {
        counts_up = counts_up && seed == list.items.size();
        list.items.push_back(scalar_node(std::to_string(seed), false, {}));
    }
    return counts_up ? scalar_node(std::to_string(header.seeds.size()), false, {}) : list;
}

/// One axis a line.
std::string sweep_yaml(const Node& sweep) {
    std::string text = "sweep:\n";
    const auto add_block = [&](const Node& block, std::string first) {
        for (const Entry& entry : block.entries)
            text += std::exchange(first, std::string(first.size(), ' ')) + yaml_text(entry.key) + ": " + flow_text(entry.value) + "\n";
        if (block.entries.empty()) text += first + "{}\n";
    };
    if (sweep.is_mapping()) add_block(sweep, "  ");
    for (const Node& block : sweep.items) add_block(block, "  - ");
    return text;
}

}  // namespace

std::string resolved_study(const Node& root, const Plan& plan, const Header& header, const CommonTree& common,
                           const std::vector<std::string>& notes) {
    Node resolved = mapping_node({});
    const auto put = [&](const std::string& key, Node value) { resolved.entries.push_back({key, {}, std::move(value)}); };
    put("study", scalar_node(plan.study, true, {}));
    if (!plan.question.empty()) put("question", scalar_node(plan.question, true, {}));
    Node parts = root;
    std::erase_if(parts.entries, [](const Entry& entry) { return !is_part(entry.key); });
    for (Entry& entry : common.over(parts).entries) resolved.entries.push_back(std::move(entry));
    put("seeds", seeds_node(header));
    put("metric", metric_node(plan.metric));
    if (plan.target) put("target", *root.find("target"));
    for (const Entry& entry : root.entries)
        if (is_limit(entry.key)) put(entry.key, entry.value);
    std::string text;
    for (const std::string& note : notes) text += "# " + note + "\n";
    text += yaml_of(resolved);
    if (const Node* sweep = root.find("sweep"); sweep != nullptr && !sweep->is_null()) text += sweep_yaml(*sweep);
    return text;
}

}  // namespace etude
