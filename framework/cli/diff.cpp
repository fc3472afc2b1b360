// `etude diff`: what two trials or configurations of a study differ in: resolved leaves, metrics, and a paired test over their seeds.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/rounded.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/selection.hpp"
#include "report/analysis.hpp"
#include "report/summary.hpp"
#include "report/words.hpp"
#include "study/tree.hpp"

namespace etude::cli {
namespace {

using Json = nlohmann::ordered_json;

struct DiffOptions {
    std::filesystem::path folder;
    std::string first, second;
    bool json = false;
};

/// A path and what each side has there; empty where it has no such leaf.
struct LeafPair {
    std::string path;
    std::optional<std::string> first, second;
};

void add_leaves(const Node& node, const std::string& path, std::vector<std::pair<std::string, std::string>>& leaves) {
    const auto below = [&](const std::string& key) { return path.empty() ? key : path + "." + key; };
    if (node.is_mapping() && !node.entries.empty())
        for (const Entry& entry : node.entries) add_leaves(entry.value, below(entry.key), leaves);
    else if (node.is_list() && std::ranges::any_of(node.items, [](const Node& item) { return item.is_mapping(); }))
        for (std::size_t i = 0; i < node.items.size(); ++i) add_leaves(node.items[i], below(std::to_string(i)), leaves);
    else leaves.emplace_back(path, flow_text(node));
}

std::vector<std::pair<std::string, std::string>> leaves_of(const std::string& resolved) {
    Diagnostics diagnostics;
    std::vector<std::pair<std::string, std::string>> leaves;
    if (const auto node = parse_yaml({.source = std::make_shared<const Source>(Source{"resolved", resolved})}, diagnostics))
        add_leaves(*node, "", leaves);
    diagnostics.throw_if_any();
    return leaves;
}

/// Those that differ, in the order of the first, then what only the second has.
std::vector<LeafPair> different_leaves(const std::string& first, const std::string& second) {
    const auto a = leaves_of(first), b = leaves_of(second);
    const std::map<std::string, std::string> in_first(a.begin(), a.end()), in_second(b.begin(), b.end());
    std::vector<LeafPair> pairs;
    for (const auto& [path, text] : a) {
        const auto other = in_second.find(path);
        if (other == in_second.end()) pairs.push_back({path, text, {}});
        else if (other->second != text) pairs.push_back({path, text, other->second});
    }
    for (const auto& [path, text] : b)
        if (!in_first.contains(path)) pairs.push_back({path, {}, text});
    return pairs;
}

struct MetricPair {
    std::string name;
    std::optional<double> first, second;
};

/// A trial's final value, or a configuration's mean over the seeds that are reported on; as tables have it, diverged trials have no metrics.
std::optional<double> final_of(const Results& results, const Selection& selected, const std::string& metric) {
    double sum = 0;
    std::size_t n = 0;
    for (const std::size_t place : results.configurations[selected.configuration].trials) {
        const TrialResult& trial = results.trials[place];
        if (selected.trial ? place != *selected.trial : trial.planned.role == SeedRole::tune) continue;
        const Curve* curve = trial.stored ? trial.stored->record.find(metric) : nullptr;
        if (curve != nullptr && !curve->values.empty()) sum += curve->final, ++n;
    }
    return n > 0 ? std::optional(sum / static_cast<double>(n)) : std::nullopt;
}

std::optional<double> score_of(const Results& results, const Selection& selected) {
    return selected.trial ? results.trials[*selected.trial].score : results.configurations[selected.configuration].score.mean;
}

struct Difference {
    Selection first, second;
    std::vector<LeafPair> leaves;
    std::vector<MetricPair> metrics;  ///< the score last
    std::optional<Family> family;     ///< of two configurations: one comparison
};

std::string resolved_of(const Results& results, const Selection& selected) {
    if (selected.trial && results.trials[*selected.trial].stored) return results.trials[*selected.trial].stored->resolved;
    return results.plan.configurations[selected.configuration].resolved;
}

Difference difference_of(const Results& results, const Selection& first, const Selection& second) {
    Difference difference{first, second, different_leaves(resolved_of(results, first), resolved_of(results, second)), {}, {}};
    if (first.trial && second.trial) {
        const auto &a = results.trials[*first.trial].planned, &b = results.trials[*second.trial].planned;
        if (a.seed != b.seed) difference.leaves.push_back({"seed", std::to_string(a.seed), std::to_string(b.seed)});
    }
    for (const std::string& metric : results.plan.metrics)
        difference.metrics.push_back({metric, final_of(results, first, metric), final_of(results, second, metric)});
    difference.metrics.push_back({"score", score_of(results, first), score_of(results, second)});
    if (first.configuration != second.configuration) difference.family = compare(results, first.configuration, {second.configuration});
    return difference;
}

std::string name_of(const Results& results, const Selection& selected) {
    return selected.trial ? trial_words(results, *selected.trial) : label_of(results.plan, selected.configuration);
}

std::string column_of(const Results& results, const Selection& selected) {
    return selected.trial ? fmt::format("trial {}", *selected.trial) : label_of(results.plan, selected.configuration);
}

/// "0.01 larger (95 % interval 0.002 to 0.018; paired t-test over 10 shared seeds, p = 0.02)".
std::string test_text(const Results& results, const Difference& difference) {
    const Comparison& c = difference.family->comparisons.front();
    const std::string first = label_of(results.plan, difference.first.configuration),
                      second = label_of(results.plan, difference.second.configuration);
    if (!c.p) return fmt::format("{} and {} share too few seeds for a test\n", first, second);
    const double mean = *c.t.difference.mean;
    const bool better = results.plan.metric.maximize ? mean > 0 : mean < 0;
    const std::string size = mean == 0 ? "as good as" : rounded(std::abs(mean)) + (better ? " better than" : " worse than");
    const Interval95& i = *c.t.difference.interval;
    const bool ranks = difference.family->decider == Decider::signed_rank;
    std::string text = fmt::format("{} is {} {} in {} (first minus second: 95 % interval {} to {}; {} over {} shared seeds, p = {:.2g}): {}\n", first,
                                   size, second, metric_words(results.plan.metric), rounded(i.low), rounded(i.high),
                                   ranks ? "Wilcoxon signed-rank" : "paired t-test", c.t.difference.n, *c.p,
                                   c.significant ? "significant at 5 %" : "not significant at 5 %");
    if (c.more_seeds)
        text += fmt::format("about {} more {} would settle it (80 % power, if the true difference is the one seen)\n", *c.more_seeds,
                            *c.more_seeds == 1 ? "seed" : "seeds");
    if (results.configurations.size() > 2) text += "one test alone: looked for among many pairs, the smallest p-values come by chance\n";
    return text;
}

std::string diff_text(const Results& results, const Difference& difference) {
    const auto &[first, second, leaves, metrics, family] = difference;
    std::string text = fmt::format("{} against {}\n\n", name_of(results, first), name_of(results, second));
    std::vector<std::vector<std::string>> rows{{"leaf", column_of(results, first), column_of(results, second)}};
    for (const LeafPair& leaf : leaves) rows.push_back({leaf.path, leaf.first.value_or(""), leaf.second.value_or("")});
    text += leaves.empty() ? "they have the same resolved configuration\n" : aligned(rows);
    rows = {{first.trial && second.trial ? "final" : "final, means", column_of(results, first), column_of(results, second), "difference"}};
    for (const MetricPair& metric : metrics) {
        const auto gap = metric.first && metric.second ? std::optional(*metric.first - *metric.second) : std::nullopt;
        rows.push_back({metric.name, six_digits(metric.first), six_digits(metric.second), six_digits(gap)});
    }
    text += "\n" + aligned(rows);
    return family ? text + "\n" + test_text(results, difference) : text;
}

std::string diff_json(const Results& results, const Difference& difference) {
    const auto maybe = [](const auto& value) { return value ? Json(*value) : Json(); };
    const auto side = [&](const Selection& s) {
        Json json{{"configuration", label_of(results.plan, s.configuration)}};
        json["trial"] = maybe(s.trial);
        if (s.trial) json["id"] = results.trials[*s.trial].planned.id;
        return json;
    };
    Json json{{"first", side(difference.first)}, {"second", side(difference.second)}};
    Json& leaves = json["leaves"] = Json::object();
    for (const LeafPair& leaf : difference.leaves) leaves[leaf.path] = {maybe(leaf.first), maybe(leaf.second)};
    Json& metrics = json["metrics"] = Json::object();
    for (const MetricPair& metric : difference.metrics) metrics[metric.name] = {maybe(metric.first), maybe(metric.second)};
    json["test"] = Json();
    if (difference.family && difference.family->comparisons.front().p) {
        const Comparison& c = difference.family->comparisons.front();
        json["test"] = {{"decided_by", difference.family->decider == Decider::signed_rank ? "signed_rank" : "paired_t"},
                        {"pairs", c.t.difference.n},
                        {"difference", maybe(c.t.difference.mean)},
                        {"ci", {c.t.difference.interval->low, c.t.difference.interval->high}},
                        {"p", *c.p},
                        {"significant", c.significant},
                        {"more_seeds", maybe(c.more_seeds)}};
    }
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

int diff(const DiffOptions& options) {
    const Results results = load_results(Store::open(options.folder, Store::Access::read));
    const Difference difference = difference_of(results, require_selection(results, options.first), require_selection(results, options.second));
    fmt::print("{}", options.json ? diff_json(results, difference) : diff_text(results, difference));
    return success;
}

}  // namespace

void add_diff(CLI::App& app, Action& action) {
    auto options = std::make_shared<DiffOptions>();
    CLI::App* command = app.add_subcommand("diff", "Show what two trials or configurations differ in, in settings and results");
    command->add_option("folder", options->folder, "Folder of results")->required()->type_name("DIR");
    command->add_option("first", options->first, "A trial's number or the beginning of its id, or a configuration as tables name it")
        ->required()
        ->type_name("ID");
    command->add_option("second", options->second, "Another")->required()->type_name("ID");
    add_text_or_json(*command, options->json);
    command->callback([options, &action] { action = [options] { return diff(*options); }; });
}

}  // namespace etude::cli
