#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"
#include "report/figures.hpp"
#include "report/words.hpp"

namespace etude {
namespace {

constexpr std::size_t most_lines = 8;  // colours of the palette
constexpr double dots_aside = 0.1;     // seeds stand beside their mean by this share of the way to the next value

/// A swept column and what each configuration has in it.
struct Column {
    std::string name;
    std::vector<std::optional<double>> values{};  ///< one per configuration; empty: no such leaf, or no number
    bool numeric = true;                        ///< every cell there is is a number
    std::size_t distinct = 0;
};

Column column_of(const Plan& plan, std::size_t index) {
    Column column{.name = plan.columns[index]};
    std::vector<double> seen;
    for (const Configuration& configuration : plan.configurations) {
        const std::string& cell = configuration.cells[index];
        const auto value = parse_real(cell);
        column.values.push_back(value);
        if (!cell.empty() && (!value || !std::isfinite(*value))) column.numeric = false;
        if (value && std::ranges::find(seen, *value) == seen.end()) seen.push_back(*value);
    }
    column.distinct = seen.size();
    return column;
}

/// Where values stand on the axis: at themselves, on a logarithmic axis, or evenly where neither serves: 0 among values that span decades, or
/// a momentum that approaches 1 over decades.
struct Placement {
    Axis axis;
    std::map<double, double> at;
    double spacing = 1;  ///< smallest distance of two; on a logarithmic axis in decades
    double moved(double place, double share) const { return axis.log ? place * std::pow(10.0, share * spacing) : place + share * spacing; }
};

bool approach_one(const std::vector<double>& sorted) {
    std::vector<double> distances;
    for (const double value : sorted) distances.push_back(1 - value);
    return sorted.front() >= 0 && sorted.back() < 1 && spans(distances, 30);
}

Placement placement_of(const Column& column) {
    std::vector<double> values;
    for (const auto& value : column.values)
        if (value) values.push_back(*value);
    std::ranges::sort(values);
    values.erase(std::unique(values.begin(), values.end()), values.end());
    const bool decades = spans(values, 30), log = decades && values.front() > 0;
    const bool evenly = (decades && !log) || approach_one(values);
    Placement placement;
    std::vector<double> positions;
    for (std::size_t i = 0; i < values.size(); ++i) positions.push_back(placement.at[values[i]] = evenly ? static_cast<double>(i) : values[i]);
    placement.axis = axis_over(evenly ? column.name + " (evenly spaced)" : column.name, positions, log);
    for (std::size_t i = 0; i + 1 < positions.size(); ++i) {
        const double distance = log ? std::log10(positions[i + 1] / positions[i]) : positions[i + 1] - positions[i];
        placement.spacing = i == 0 ? distance : std::min(placement.spacing, distance);
    }
    if (values.size() <= 12 && (log || evenly)) {
        placement.axis.tics.clear();
        const auto texts = tic_texts(values);
        for (std::size_t i = 0; i < values.size(); ++i) placement.axis.tics.emplace_back(positions[i], texts[i]);
    }
    return placement;
}

/// Where a configuration's seeds stand beside each other.
struct Group {
    std::string label, color;
    std::vector<std::size_t> configurations;  ///< by the column's value
};

/// Configurations that differ in this column alone belong together; one that differs from no other so is left out.
std::vector<Group> groups_of(const Results& results, std::size_t index, const Column& column) {
    std::vector<Group> groups;
    std::map<std::vector<std::string>, std::size_t> known;
    for (std::size_t c = 0; c < results.configurations.size(); ++c) {
        if (!column.values[c]) continue;
        std::vector<std::string> others = results.plan.configurations[c].cells, words;
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(index));
        for (std::size_t i = 0; i < others.size(); ++i) {
            const std::string& name = results.plan.columns[i < index ? i : i + 1];
            if (!others[i].empty()) words.push_back(parse_real(others[i]) ? name.substr(name.rfind('.') + 1) + " = " + others[i] : others[i]);
        }
        const auto [found, is_new] = known.emplace(others, groups.size());
        if (is_new) groups.push_back({join(words, ", "), palette[groups.size() % palette.size()], {}});
        groups[found->second].configurations.push_back(c);
    }
    std::erase_if(groups, [](const Group& group) { return group.configurations.size() < 2; });
    for (Group& group : groups) std::ranges::stable_sort(group.configurations, {}, [&](std::size_t c) { return *column.values[c]; });
    return groups;
}

/// More groups than colours: only the best configuration at each value is drawn with its interval.
std::vector<Group> best_at_each(const Results& results, const Column& column) {
    std::map<double, std::size_t> best;
    for (const std::size_t c : results.best_first)
        if (column.values[c] && results.configurations[c].rank) best.emplace(*column.values[c], c);
    Group group{"best of the others at each value", palette[0], {}};
    for (const auto& [value, c] : best) group.configurations.push_back(c);
    return {group};
}

void add_dots(const Results& results, std::size_t configuration, double at, Series& dots) {
    for (const std::size_t i : results.configurations[configuration].trials) {
        if (!results.trials[i].score) continue;
        dots.x.push_back(at);
        dots.y.push_back(*results.trials[i].score);
    }
}

void add_mean(const ConfigurationResult& result, double at, Series& means) {
    if (!result.score.mean) return;
    const Interval95 interval = result.score.interval.value_or(Interval95{*result.score.mean, *result.score.mean});
    means.x.push_back(at);
    means.y.push_back(*result.score.mean);
    means.low.push_back(interval.low);
    means.high.push_back(interval.high);
}

Axis score_axis(const Results& results) {
    std::vector<double> values;
    for (const TrialResult& trial : results.trials)
        if (trial.score) values.push_back(*trial.score);
    const bool error = !larger_is_better(results.plan.metric.name), log = error && spans(values, 30);
    for (const ConfigurationResult& c : results.configurations) {
        if (!c.score.interval) continue;
        if (!log || c.score.interval->low > 0) values.push_back(c.score.interval->low);
        values.push_back(c.score.interval->high);
    }
    Axis axis = axis_over(metric_words(results.plan.metric), values, log);
    if (!error) axis.min = std::max(axis.min, 0.0), axis.max = std::min(axis.max, 1.02);
    set_tics(axis);
    return axis;
}

std::string marks(const Results& results) {
    const bool several = std::ranges::any_of(results.configurations, [](const ConfigurationResult& c) { return c.score.n > 1; });
    return several ? "small dots: single seeds; large dot: mean with its 95 % interval" : "one seed each";
}

/// Nothing where the column never moves alone: then it tells nothing about its own effect.
std::optional<Figure> against_number(const Results& results, std::size_t index, const Column& column, const Axis& score) {
    Figure figure{.name = "score-" + file_word(column.name), .title = capital(score.label) + " against " + column.name, .subtitle = marks(results)};
    figure.panel_height = 300;
    const Placement placement = placement_of(column);
    auto groups = groups_of(results, index, column);
    if (groups.empty()) return std::nullopt;
    Panel panel{.x = placement.axis, .y = score};
    const bool many = groups.size() > most_lines;
    if (many) groups = best_at_each(results, column);
    if (many) {
        panel.series.push_back({.form = Series::Form::dots, .color = palette[7]});
        for (std::size_t c = 0; c < results.configurations.size(); ++c)
            if (column.values[c]) add_dots(results, c, placement.at.at(*column.values[c]), panel.series.back());
    }
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const Group& group = groups[g];
        // Beside each other within a third of the way to the next value, so that intervals do not hide each other.
        const double share = groups.size() == 1 ? 0 : 0.33 * (static_cast<double>(g) / static_cast<double>(groups.size() - 1) - 0.5);
        const auto place = [&](std::size_t c, double aside) { return placement.moved(placement.at.at(*column.values[c]), share + aside); };
        Series dots{.form = Series::Form::dots, .color = group.color}, means{.form = Series::Form::interval_y, .color = group.color};
        for (const std::size_t c : group.configurations) {
            if (!many) add_dots(results, c, place(c, -dots_aside / static_cast<double>(groups.size())), dots);
            add_mean(results.configurations[c], place(c, 0), means);
        }
        Series line{.form = Series::Form::line, .x = means.x, .y = means.y, .color = group.color, .width = 1.0};
        panel.series.insert(panel.series.end(), {dots, line, means});
        if (groups.size() > 1 || many) figure.legend.push_back({shortened(group.label, 40), group.color});
    }
    figure.panels.push_back(std::move(panel));
    return figure;
}

/// Configurations from the best down, each with its seeds.
Figure in_a_row(const Results& results, const Axis& score) {
    const Shown shown = shown_configurations(results);
    std::vector<std::size_t> order = results.best_first;
    std::erase_if(order, [&](std::size_t c) {
        return !results.configurations[c].rank || std::ranges::find(shown.configurations, c) == shown.configurations.end();
    });
    Figure figure{.name = "scores", .title = capital(score.label) + " of each configuration" + shown.note, .subtitle = marks(results)};
    Series dots{.form = Series::Form::dots, .color = palette[0]}, means{.form = Series::Form::interval_x, .color = palette[0]};
    Axis y{.label = "", .min = -0.6, .max = static_cast<double>(order.size()) - 0.4, .reversed = true};
    for (std::size_t row = 0; row < order.size(); ++row) {
        const auto at = static_cast<double>(row);
        y.tics.emplace_back(at, shortened(label_of(results.plan, order[row]), 36));
        add_dots(results, order[row], at + 0.25, dots);
        add_mean(results.configurations[order[row]], at, means);
    }
    std::swap(dots.x, dots.y);
    std::swap(means.x, means.y);
    figure.panel_height = 24 * static_cast<double>(std::max<std::size_t>(order.size(), 2));
    figure.panels.push_back({.x = score, .y = y, .series = {dots, means}});
    return figure;
}

}  // namespace

std::vector<Figure> score_figures(const Results& results) {
    std::vector<Figure> figures;
    if (std::ranges::none_of(results.configurations, [](const ConfigurationResult& c) { return c.rank.has_value(); })) return figures;
    const Axis score = score_axis(results);
    bool other = results.plan.columns.empty();
    for (std::size_t i = 0; i < results.plan.columns.size(); ++i) {
        const Column column = column_of(results.plan, i);
        std::optional<Figure> figure;
        if (column.numeric && column.distinct >= 2) figure = against_number(results, i, column, score);
        other = other || !figure;
        if (figure) figures.push_back(std::move(*figure));
    }
    if (other || figures.empty()) figures.insert(figures.begin(), in_a_row(results, score));
    return figures;
}

std::vector<Figure> study_figures(const Results& results, const Analysis& analysis) {
    std::vector<Figure> all;
    for (const auto& figures : {score_figures(results), heat_map_figures(results), regret_figures(results, analysis),
                                profile_figures(results, analysis), curve_figures(results), rate_figures(results), landscape_figures(results),
                                decision_figures(results)})
        all.insert(all.end(), figures.begin(), figures.end());
    return all;
}

}  // namespace etude
