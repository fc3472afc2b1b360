// The figure of several studies, and their page.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.hpp"
#include "report/page_parts.hpp"
#include "report/several.hpp"
#include "report/words.hpp"

namespace etude {
namespace {

constexpr std::size_t most_rows = 40;  // of the figure

const std::string& color_of(std::size_t study) { return palette[study % palette.size()]; }

const Results& results_of(const Several& several, std::size_t study) { return several.studies[study].findings.results; }

std::optional<double> value_at(const Plan& plan, std::size_t configuration, const std::string& column) {
    const auto found = std::ranges::find(plan.columns, column);
    if (found == plan.columns.end()) return std::nullopt;
    return parse_real(plan.configurations[configuration].cells[static_cast<std::size_t>(found - plan.columns.begin())]);
}

/// The column that is a positive number of several values in every configuration of every study: a rate before others; empty where none is.
std::string shared_number(const Several& several) {
    std::string chosen;
    for (const std::string& column : results_of(several, 0).plan.columns) {
        bool everywhere = true;
        for (std::size_t s = 0; s < several.studies.size(); ++s) {
            const Plan& plan = results_of(several, s).plan;
            std::vector<double> seen;
            for (std::size_t c = 0; c < plan.configurations.size(); ++c)
                if (const auto value = value_at(plan, c, column); value && *value > 0 && std::isfinite(*value)) seen.push_back(*value);
            everywhere = everywhere && seen.size() == plan.configurations.size() && std::ranges::min(seen) < std::ranges::max(seen);
        }
        if (everywhere && (chosen.empty() || (column.ends_with("lr") && !chosen.ends_with("lr")))) chosen = column;
    }
    return chosen;
}

Axis score_axis(const Several& several) {
    std::vector<double> values;
    for (const auto& entry : several.studies)
        for (const ConfigurationResult& c : entry.findings.results.configurations) {
            if (!c.score.mean) continue;
            values.push_back(*c.score.mean);
            if (c.score.interval) values.insert(values.end(), {c.score.interval->low, c.score.interval->high});
        }
    const MetricSpec& metric = results_of(several, 0).plan.metric;
    const bool log = !larger_is_better(metric.name) && spans(values, 30) && std::ranges::all_of(values, [](double v) { return v > 0; });
    return axis_over(metric_words(metric), values, log);
}

void add(const ConfigurationResult& result, double x, double y, Series& means) {
    const Interval95 interval = result.score.interval.value_or(Interval95{*result.score.mean, *result.score.mean});
    means.x.push_back(x);
    means.y.push_back(y);
    means.low.push_back(interval.low);
    means.high.push_back(interval.high);
}

/// At each value the study's best configuration, so that a study has one line.
std::map<double, std::size_t> best_at_each(const Results& results, const std::string& column) {
    std::map<double, std::size_t> best;
    for (const std::size_t c : results.best_first)
        if (results.configurations[c].score.mean) best.emplace(*value_at(results.plan, c, column), c);
    return best;
}

Panel against_number(const Several& several, const std::string& column) {
    std::vector<double> values;
    for (std::size_t s = 0; s < several.studies.size(); ++s)
        for (const auto& [value, c] : best_at_each(results_of(several, s), column)) values.push_back(value);
    Panel panel{.x = axis_over(column, values, spans(values, 30)), .y = score_axis(several)};
    for (std::size_t s = 0; s < several.studies.size(); ++s) {
        Series means{.form = Series::Form::interval_y, .color = color_of(s)};
        const Results& results = results_of(several, s);
        for (const auto& [value, c] : best_at_each(results, column))
            add(results.configurations[c], value, *results.configurations[c].score.mean, means);
        panel.series.push_back({.form = Series::Form::line, .x = means.x, .y = means.y, .color = means.color, .width = 1.0});
        panel.series.push_back(std::move(means));
    }
    return panel;
}

/// A row for each label in the order of means; where studies have one label, they share its row.
Panel in_a_row(const Several& several) {
    const auto table = several_rows(several);
    std::vector<std::string> labels;
    std::map<std::string, std::size_t> sharers;
    for (std::size_t row = 1; row < table.size(); ++row)
        if (sharers[table[row][1]]++ == 0) labels.push_back(table[row][1]);
    labels.resize(std::min(labels.size(), most_rows));
    Panel panel{.x = score_axis(several), .y = {.label = "", .min = -0.6, .max = static_cast<double>(labels.size()) - 0.4, .reversed = true}};
    for (std::size_t row = 0; row < labels.size(); ++row) panel.y.tics.emplace_back(static_cast<double>(row), shortened(labels[row], 36));
    for (std::size_t s = 0; s < several.studies.size(); ++s) {
        const Results& results = results_of(several, s);
        const double beside = 0.6 * (static_cast<double>(s) / static_cast<double>(several.studies.size() - 1) - 0.5);
        Series means{.form = Series::Form::interval_x, .color = color_of(s)};
        for (std::size_t c = 0; c < results.configurations.size(); ++c) {
            const std::string label = label_of(results.plan, c);
            const auto row = std::ranges::find(labels, label) - labels.begin();
            const double aside = sharers[label] > 1 ? beside : 0;
            if (row < std::ssize(labels) && results.configurations[c].score.mean)
                add(results.configurations[c], *results.configurations[c].score.mean, static_cast<double>(row) + aside, means);
        }
        panel.series.push_back(std::move(means));
    }
    return panel;
}

}  // namespace

Figure several_figure(const Several& several) {
    const std::string column = shared_number(several);
    Figure figure{.name = "compare", .title = capital(metric_words(results_of(several, 0).plan.metric)) + " of each study",
                  .subtitle = "means with their 95 % intervals"};
    figure.panels.push_back(column.empty() ? in_a_row(several) : against_number(several, column));
    if (!column.empty()) figure.caption = "Where a study has several configurations at one value, the best of them is drawn.";
    figure.panel_height = column.empty() ? 30 * std::max(2.0, figure.panels.front().y.max + 0.4) : 320;
    for (std::size_t s = 0; s < several.studies.size(); ++s) figure.legend.push_back({shortened(several.studies[s].name, 40), color_of(s)});
    return figure;
}

std::string several_html(const Several& several, const Figure& figure, const std::string& svg) {
    std::vector<std::string> names;
    for (const auto& entry : several.studies) names.push_back(entry.name);
    std::string html = page_head(join(names, ", "), "", Fetches::nothing) + "<div class=\"answer\">\n";
    for (const std::string& sentence : several_answer(several)) html += tagged("p", sentence);
    html += "</div>\n" + tagged("h2", "Configurations of all studies") + html_table(several_rows(several), several.reference ? 1 : 0);
    return html + html_figure(figure, svg) + "<p>All digits stand in <a href=\"compare.csv\">compare.csv</a>.</p>\n"
           "<footer>Made by <code>etude compare</code>.</footer>\n</body>\n</html>\n";
}

}  // namespace etude
