#include "study/limits.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "study/grid.hpp"
#include "study/typed.hpp"

namespace etude {
namespace {

constexpr std::array<std::pair<std::string_view, double>, 5> time_units{{{"s", 1}, {"min", 60}, {"m", 60}, {"h", 3600}, {"d", 86400}}};

void read_budget(const Node& node, Limits& limits, Diagnostics& diagnostics) {
    static const std::string form = "`budget: {trials: 100}`, `budget: {time: 1h30m}`, or both";
    if (!node.is_mapping() || node.entries.empty())
        return diagnostics.error(node.place, "budget is " + (node.is_mapping() ? "empty" : kind_name(node)) + ", not a mapping", form);
    for (const Entry& entry : node.entries) {
        if (entry.key == "trials") {
            const auto trials = read_integer(entry.value, "budget.trials", closed(1, static_cast<double>(max_trials)), diagnostics);
            if (trials) limits.trials = static_cast<std::uint64_t>(*trials);
        } else if (entry.key == "time") {
            limits.seconds = entry.value.is_scalar() ? time_of(entry.value.text) : std::nullopt;
            if (!limits.seconds)
                diagnostics.error(entry.value.place,
                                  "budget.time" + (entry.value.is_scalar() ? ": '" + entry.value.text + "' is no time"
                                                                           : " is " + kind_name(entry.value) + ", not a time"),
                                  "a number with its unit: `90s`, `15m`, `1h30m`, `2d`");
        } else
            report_unknown_key(entry, "budget", {"trials", "time"}, diagnostics);
    }
}

/// `halving: {eta: 3}`; `true` and `{}` take all defaults, `false` and null are none.
std::optional<Pruning> read_rule(const Node& node, std::size_t which, Diagnostics& diagnostics) {
    const Kind& kind = pruning_kinds()[which];
    const bool is_word = node.is_scalar() && !node.quoted;
    if (node.is_null() || (is_word && node.text == "false")) return std::nullopt;
    const Node empty = mapping_node(node.place);
    if (!node.is_mapping() && !(is_word && node.text == "true")) {
        diagnostics.error(node.place, kind.name + " is " + kind_name(node) + ", not a mapping", "`" + kind.name + ": {}` takes all defaults");
        return std::nullopt;
    }
    MappingRules rules;
    rules.owner = kind.name;
    const auto values = read_mapping(node.is_mapping() ? node : empty, kind.schema, rules, diagnostics);
    if (!values) return std::nullopt;
    return pruning_of(static_cast<Pruning::Rule>(which), *values);
}

}  // namespace

Limits read_limits(const Node& root, Diagnostics& diagnostics) {
    Limits limits;
    if (const Node* budget = root.find("budget"); budget != nullptr && !budget->is_null()) read_budget(*budget, limits, diagnostics);
    for (std::size_t which = 0; which < pruning_kinds().size(); ++which) {
        const Entry* entry = root.find_entry(pruning_kinds()[which].name);
        const auto rule = entry == nullptr ? std::nullopt : read_rule(entry->value, which, diagnostics);
        if (!rule) continue;
        if (limits.pruning)
            diagnostics.error(entry->key_place, "'" + entry->key + "' beside '" + pruning_name(limits.pruning->rule) + "'",
                              "one rule decides what ends early");
        limits.pruning = rule;
        limits.pruning_place = entry->key_place;
    }
    return limits;
}

bool is_limit(std::string_view key) { return key == "budget" || std::ranges::find(pruning_kinds(), key, &Kind::name) != pruning_kinds().end(); }

void check_pruning(const Limits& limits, const PrunedStudy& study, Diagnostics& diagnostics) {
    if (!limits.pruning) return;
    const Pruning& rule = *limits.pruning;
    const std::string& name = pruning_name(rule.rule);
    const auto error = [&](std::string message, std::string hint = "") {
        diagnostics.error(limits.pruning_place, std::move(message), std::move(hint));
    };
    if (study.is_range_test) return error(name + ": a range test has no epochs to compare");
    if (study.configurations < 2) diagnostics.warning(limits.pruning_place, name + ": there is one configuration and nothing to compare it with");
    if (rule.rule == Pruning::Rule::until_decided) {
        if (rule.min_seeds >= study.seeds)
            error(name + ": min_seeds = " + std::to_string(rule.min_seeds) + " of " + std::to_string(study.seeds) +
                      (study.seeds == 1 ? " seed" : " seeds") + " leaves none to save",
                  "more seeds: `seeds: 30`");
        return;
    }
    if (study.fewest_epochs != study.most_epochs)
        return error(name + " compares trials after the same epochs, and train.epochs goes from " + std::to_string(study.fewest_epochs) + " to " +
                         std::to_string(study.most_epochs),
                     "one number of epochs for all");
    if (rule.min_epochs >= study.most_epochs)
        error(name + ": min_epochs = " + std::to_string(rule.min_epochs) + " of " + std::to_string(study.most_epochs) +
              (study.most_epochs == 1 ? " epoch" : " epochs") + " leaves none to save");
}

std::optional<double> time_of(std::string_view text) {
    double seconds = 0;
    text = trim(text);
    if (text.empty()) return std::nullopt;
    while (!text.empty()) {
        const auto amount = parse_real(text.substr(0, text.find_first_not_of("0123456789.")));
        if (!amount) return std::nullopt;
        text = trim(text.substr(std::min(text.size(), text.find_first_not_of("0123456789."))));
        const std::string_view unit = text.substr(0, std::min(text.size(), text.find_first_not_of("abcdefghijklmnopqrstuvwxyz")));
        const auto known = std::ranges::find(time_units, unit, &std::pair<std::string_view, double>::first);
        if (known == time_units.end()) return std::nullopt;
        seconds += *amount * known->second;
        text = trim(text.substr(unit.size()));
    }
    return seconds > 0 ? std::optional(seconds) : std::nullopt;
}

}  // namespace etude
