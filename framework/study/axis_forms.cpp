#include "study/axis_forms.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/text.hpp"
#include "study/foreign.hpp"
#include "study/grid.hpp"
#include "study/typed.hpp"

namespace etude {
namespace {

constexpr Interval finite{-unbounded, unbounded, true, true};
constexpr Interval below_one{-unbounded, 1, true, true};
constexpr double largest_whole = 9007199254740992.0;

std::optional<Spacing> spacing_of(const std::string& key) {
    if (key == "linear") return Spacing::linear;
    if (key == "log") return Spacing::log;
    if (key == "one_minus_log") return Spacing::one_minus_log;
    return std::nullopt;
}

std::optional<Distribution::Kind> distribution_of(const std::string& key) {
    if (key == "uniform") return Distribution::Kind::uniform;
    if (key == "log_uniform") return Distribution::Kind::log_uniform;
    if (key == "one_minus_log_uniform") return Distribution::Kind::one_minus_log_uniform;
    if (key == "int_uniform") return Distribution::Kind::int_uniform;
    return std::nullopt;
}

bool is_logarithmic(const std::string& key) { return key == "log" || key == "log_uniform"; }

/// A bound that has no logarithm is another tool's exponent, or a "switched off" that belongs beside the axis.
std::string bounds_hint(const Entry& rule, double lo, double hi) {
    if (!is_logarithmic(rule.key)) return "";
    if (lo == 0) return "0 has no logarithm; to try it too, add a block of its own: `- {path: [0]}`";
    return lo < 0 && hi > lo ? "the bounds are the values themselves, not exponents: `" + rule.key + ": [1e-5, 1]`" : "";
}

/// The two bounds of a spacing or a draw; nothing after an error.
std::optional<std::pair<double, double>> read_bounds(const Entry& rule, const Interval& range, const std::string& form, Diagnostics& diagnostics) {
    const Node& node = rule.value;
    if (!node.is_list() || node.items.size() != 2) {
        diagnostics.error(
            node.place,
            rule.key + " is " + (node.is_list() ? "a list of " + std::to_string(node.items.size()) : kind_name(node)) + ", not two bounds", form);
        return std::nullopt;
    }
    const auto plain = [&](std::size_t i) {
        return node.items[i].is_scalar() && !node.items[i].quoted ? parse_real(node.items[i].text) : std::nullopt;
    };
    const auto first = plain(0), second = plain(1);
    if (const std::string hint = first && second ? bounds_hint(rule, *first, *second) : ""; !hint.empty() && !range.contains(*first)) {
        diagnostics.error(node.items[0].place, rule.key + "[0] = " + number(*first) + " is outside " + range.text(), hint);
        return std::nullopt;
    }
    const auto lo = read_real(node.items[0], rule.key + "[0]", range, diagnostics);
    const auto hi = read_real(node.items[1], rule.key + "[1]", range, diagnostics);
    if (!lo || !hi) return std::nullopt;
    return std::pair(*lo, *hi);
}

Interval range_of(Distribution::Kind kind) {
    switch (kind) {
        case Distribution::Kind::log_uniform:
            return above(0);
        case Distribution::Kind::one_minus_log_uniform:
            return below_one;
        case Distribution::Kind::uniform:
        case Distribution::Kind::int_uniform:
            break;
    }
    return finite;
}

/// The numbers of `rule`, with `step`; nothing after an error.
std::optional<Distribution> read_distribution(const Node& mapping, const Entry& rule, Diagnostics& diagnostics) {
    const Distribution::Kind kind = *distribution_of(rule.key);
    const auto bounds = read_bounds(rule, range_of(kind), "`{" + rule.key + ": [lo, hi], draws: n}`", diagnostics);
    const Node* step = mapping.find("step");
    const auto width = step == nullptr ? std::optional(0.0) : read_real(*step, "step", above(0), diagnostics);
    if (!bounds || !width) return std::nullopt;
    const auto [lo, hi] = *bounds;
    if (!(lo < hi)) {
        diagnostics.error(rule.value.place, rule.key + ": " + number(lo) + " is not below " + number(hi),
                          "`[lo, hi]`; for one value write `[" + number(lo) + "]`");
        return std::nullopt;
    }
    const Distribution distribution{kind, lo, hi, *width};
    if (kind == Distribution::Kind::int_uniform && (std::floor(lo) != lo || std::floor(hi) != hi || std::max(-lo, hi) > largest_whole)) {
        diagnostics.error(rule.value.place, "int_uniform: the bounds " + number(lo) + " and " + number(hi) + " are not whole numbers");
        return std::nullopt;
    }
    if (*width > 0 && std::ceil(lo / *width - 1e-9) > std::floor(hi / *width + 1e-9)) {
        diagnostics.error(step->place, "no multiple of step = " + number(*width) + " lies between " + number(lo) + " and " + number(hi));
        return std::nullopt;
    }
    return distribution;
}

/// Whoever knows other tools writes these.
constexpr std::array foreign_forms{
    ForeignKey{"min", "W&B's form stands in `parameters:`; here it is `{uniform: [lo, hi], draws: n}`, `{log_uniform: [lo, hi], draws: n}`"},
    ForeignKey{"max", "W&B's form stands in `parameters:`; here it is `{uniform: [lo, hi], draws: n}`, `{log_uniform: [lo, hi], draws: n}`"},
    ForeignKey{"distribution", "W&B's form stands in `parameters:`; here the distribution is the key: `{log_uniform: [lo, hi], draws: n}`"},
    ForeignKey{"value", "W&B's form stands in `parameters:`; here one value is a list of one: `[0.1]`"},
    ForeignKey{"low", "Optuna's `low`, `high` and `log: true` are `{uniform: [low, high], draws: n}` and `{log_uniform: [low, high], draws: n}`"},
    ForeignKey{"high", "Optuna's `low`, `high` and `log: true` are `{uniform: [low, high], draws: n}` and `{log_uniform: [low, high], draws: n}`"},
    ForeignKey{"normal", "a normal distribution has no bounds: `{uniform: [lo, hi], draws: n}`, `{log_uniform: [lo, hi], draws: n}`"},
    ForeignKey{"log_normal", "a normal distribution has no bounds: `{uniform: [lo, hi], draws: n}`, `{log_uniform: [lo, hi], draws: n}`"},
    ForeignKey{"randint", "`{int_uniform: [lo, hi], draws: n}`, both bounds within reach"},
    ForeignKey{"quniform", "`{uniform: [lo, hi], step: q, draws: n}`"},
    ForeignKey{"q_uniform", "`{uniform: [lo, hi], step: q, draws: n}`"},
    ForeignKey{"grid", "a grid is a plain list: `[0.1, 0.01]`"},
    ForeignKey{"logspace", "`{log: [lo, hi], points: n}`, the bounds themselves and not their logarithms"},
    ForeignKey{"geomspace", "`{log: [lo, hi], points: n}`"},
    ForeignKey{"linspace", "`{linear: [lo, hi], points: n}`"},
    ForeignKey{"range", "`{linear: [lo, hi], points: n}`, both ends within reach"},
    ForeignKey{"loguniform", "`{log_uniform: [lo, hi], draws: n}`, the bounds themselves"},
    ForeignKey{"grid_search", "Ray's `grid_search: [...]` is a plain list: `[0.1, 0.01]`"},
    ForeignKey{"min_value", "Keras Tuner's form is `{uniform: [lo, hi], draws: n}`, with `sampling: log` `{log_uniform: [lo, hi], draws: n}`"},
    ForeignKey{"feasible_points", "AlgoPerf's `feasible_points` are a plain list: `[0.1, 0.01]`"},
    ForeignKey{"halton",
               "a Halton sequence fills several axes together: `halton: {draws: n, path: {log_uniform: [lo, hi]}, path: ...}` in the block"}};

}  // namespace

bool is_spacing(const std::string& key) { return spacing_of(key).has_value(); }
bool is_draw(const std::string& key) { return key == "choice" || distribution_of(key); }

const std::vector<std::string>& axis_form_names() {
    static const std::vector<std::string> names{"values",      "linear",                "log",         "one_minus_log", "uniform",
                                                "log_uniform", "one_minus_log_uniform", "int_uniform", "choice",        "when"};
    return names;
}

std::string foreign_form_hint(const std::string& key) {
    const ForeignKey* found = find_foreign(foreign_forms, key);
    return found == nullptr ? "" : found->hint;
}

std::optional<std::vector<Node>> read_spacing(const Node& mapping, const Entry& rule, Diagnostics& diagnostics) {
    const Spacing spacing = *spacing_of(rule.key);
    const std::string form = "`{" + rule.key + ": [lo, hi], points: n}`";
    bool good = true;
    for (const Entry& entry : mapping.entries)
        if (&entry != &rule && entry.key != "points")
            report_unknown_key(entry, "an axis of " + rule.key, {rule.key, "points", "when"}, diagnostics), good = false;
    const Interval range = spacing == Spacing::linear ? finite : spacing == Spacing::log ? above(0) : below_one;
    const auto bounds = read_bounds(rule, range, form, diagnostics);
    const Node* points = mapping.find("points");
    if (points == nullptr) diagnostics.error(mapping.place, "'points' is missing", form);
    const auto count = points == nullptr ? std::nullopt : read_integer(*points, "points", closed(2, 1e6), diagnostics);
    if (!good || !bounds || !count) return std::nullopt;
    std::vector<Node> values;
    for (const double value : spaced(spacing, bounds->first, bounds->second, static_cast<std::size_t>(*count)))
        values.push_back(scalar_node(number(value), false, rule.value.place));
    return values;
}

std::optional<Draw> read_draw(const Node& mapping, const Entry& rule, Diagnostics& diagnostics) {
    Draw draw{.distribution = {}, .choices = {}, .draws = {}, .seed = {}, .place = rule.value.place, .draws_place = rule.value.place};
    std::vector<std::string> known{rule.key, "draws", "seed", "when"};
    if (rule.key != "choice" && rule.key != "int_uniform") known.push_back("step");
    bool good = true;
    for (const Entry& entry : mapping.entries) {
        if (&entry == &rule) continue;
        if (entry.key == "draws") {
            draw.draws = read_draws(entry.value, "draws", diagnostics);
            draw.draws_place = entry.value.place;
            good = good && draw.draws;
        } else if (entry.key == "seed") {
            draw.seed = read_draw_seed(entry.value, diagnostics);
            good = good && draw.seed;
        } else if (std::ranges::find(known, entry.key) == known.end()) {
            if (entry.key == "points")
                diagnostics.error(entry.key_place, "a draw has no key 'points'",
                                  "`draws: n`; `points` are those of `log`, `linear`, `one_minus_log`");
            else report_unknown_key(entry, "a draw of " + rule.key, known, diagnostics);
            good = false;
        }
    }
    if (rule.key == "choice") {
        if (!rule.value.is_list() || rule.value.items.empty()) {
            diagnostics.error(rule.value.place, "choice is " + (rule.value.is_list() ? "empty" : kind_name(rule.value)) + ", not a list of values",
                              "`{choice: [16, 32, 64], draws: n}`");
            return std::nullopt;
        }
        draw.choices = rule.value.items;
        return good ? std::optional(std::move(draw)) : std::nullopt;
    }
    draw.distribution = read_distribution(mapping, rule, diagnostics);
    return good && draw.distribution ? std::optional(std::move(draw)) : std::nullopt;
}

std::optional<AxisCondition> read_condition(const Node& node, Diagnostics& diagnostics) {
    if (!node.is_mapping() || node.entries.empty()) {
        diagnostics.error(node.place, "when is " + (node.is_mapping() ? "empty" : kind_name(node)) + ", not a condition",
                          "`when: {optimizer.name: sgd}`, or a list: any of its values");
        return std::nullopt;
    }
    AxisCondition condition{{}, node.place};
    bool good = true;
    for (const Entry& entry : node.entries) {
        AxisCondition::Part part{parse_path(entry.key), entry.value.is_list() ? entry.value.items : std::vector<Node>{entry.value}, entry.key_place};
        if (part.path.empty())
            diagnostics.error(entry.key_place, "'" + entry.key + "' is no path", "a path joins keys with dots: `optimizer.name`"), good = false;
        if (part.values.empty()) diagnostics.error(entry.value.place, "when: '" + entry.key + "' has no values"), good = false;
        condition.parts.push_back(std::move(part));
    }
    return good ? std::optional(std::move(condition)) : std::nullopt;
}

std::optional<std::size_t> read_draws(const Node& node, const std::string& name, Diagnostics& diagnostics) {
    const auto count = read_integer(node, name, closed(1, static_cast<double>(max_configurations)), diagnostics);
    return count ? std::optional(static_cast<std::size_t>(*count)) : std::nullopt;
}

std::optional<std::uint64_t> read_draw_seed(const Node& node, Diagnostics& diagnostics) {
    const auto seed = read_integer(node, "seed", closed(0, largest_whole), diagnostics);
    return seed ? std::optional(static_cast<std::uint64_t>(*seed)) : std::nullopt;
}

Node Draw::at(double share) const {
    if (distribution) return scalar_node(number(value_at(*distribution, share)), false, place);
    const auto count = static_cast<double>(choices.size());
    return choices[std::min(choices.size() - 1, static_cast<std::size_t>(share * count))];
}

}  // namespace etude
