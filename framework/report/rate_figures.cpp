#include <algorithm>
#include <cmath>

#include "report/figures.hpp"
#include "report/words.hpp"

namespace etude {
namespace {

constexpr std::size_t most_points = 1200;  // of one line: more than a figure has pixels

struct RateCurve {
    std::vector<double> x, y;  ///< epochs, rate
    bool operator==(const RateCurve&) const = default;
};

/// Every k-th point and every point where the rate jumps, so that drops stay where they are.
RateCurve thinned(const RateCurve& all) {
    if (all.x.size() <= most_points) return all;
    const std::size_t step = all.x.size() / most_points + 1;
    RateCurve kept;
    for (std::size_t i = 0; i < all.x.size(); ++i) {
        const bool jump = i + 1 < all.x.size() && std::abs(all.y[i + 1] - all.y[i]) > 0.05 * std::abs(all.y[i]);
        const bool after = i > 0 && std::abs(all.y[i] - all.y[i - 1]) > 0.05 * std::abs(all.y[i - 1]);
        if (i % step != 0 && i + 1 != all.x.size() && !jump && !after) continue;
        kept.x.push_back(all.x[i]), kept.y.push_back(all.y[i]);
    }
    return kept;
}

/// By update where the study recorded that, else by epoch.
RateCurve rate_of(const Record& record) {
    RateCurve curve;
    const bool by_update = !record.update_lr.empty() && record.epochs > 0;
    const double pace = by_update ? static_cast<double>(record.epochs) / static_cast<double>(record.updates) : 1;
    const std::vector<double>& rates = by_update ? record.update_lr : record.epoch_lr;
    for (std::size_t i = 0; i < rates.size(); ++i) {
        curve.x.push_back(by_update ? static_cast<double>(i) * pace : static_cast<double>(i + 1));
        curve.y.push_back(rates[i]);
    }
    return thinned(curve);
}

/// The seeds of a configuration; equal ones once.
std::vector<RateCurve> rates_of(const Results& results, std::size_t configuration) {
    std::vector<RateCurve> curves;
    for (const std::size_t i : results.configurations[configuration].trials) {
        if (!results.trials[i].stored) continue;
        RateCurve curve = rate_of(results.trials[i].stored->record);
        if (curve.x.empty()) continue;
        // A seed that diverged has the beginning of the others' line.
        const auto begins = [](const RateCurve& a, const RateCurve& b) {
            return a.y.size() <= b.y.size() && std::equal(a.y.begin(), a.y.end(), b.y.begin());
        };
        if (std::ranges::any_of(curves, [&](const RateCurve& known) { return begins(curve, known); })) continue;
        std::erase_if(curves, [&](const RateCurve& known) { return begins(known, curve); });
        curves.push_back(std::move(curve));
    }
    return curves;
}

struct Axes {
    Axis x, y;
};

// A plateau may cut a rate a hundred times; what happens a hundred million times below the highest rate happens to no weight.
constexpr double lowest_share = 1e-8;

Axes axes_over(const std::vector<std::vector<RateCurve>>& all) {
    double last = 1;
    std::vector<double> values;
    for (const auto& curves : all) {
        for (const RateCurve& curve : curves) {
            last = std::max(last, curve.x.back());
            values.insert(values.end(), curve.y.begin(), curve.y.end());
        }
    }
    const bool from_zero = std::ranges::any_of(all, [](const auto& curves) { return !curves.empty() && curves.front().x.front() < 1; });
    if (!values.empty()) {
        const double lowest = lowest_share * std::ranges::max(values);
        for (double& value : values) value = value > 0 ? std::max(value, lowest) : value;
    }
    return {epoch_axis(last, from_zero), axis_over("learning rate", values, spans(values, 10.001))};
}

/// A rate between zeros, which a logarithmic axis leaves out: no line would show it.
bool has_lone_point(const RateCurve& curve) {
    const auto is_drawn = [&](std::size_t i) { return i < curve.y.size() && curve.y[i] > 0; };
    for (std::size_t i = 0; i < curve.y.size(); ++i)
        if (is_drawn(i) && !is_drawn(i + 1) && (i == 0 || !is_drawn(i - 1))) return true;
    return false;
}

Series line_of(const RateCurve& curve) {
    return {.form = curve.x.size() <= 12 || has_lone_point(curve) ? Series::Form::line_and_points : Series::Form::line, .x = curve.x, .y = curve.y};
}

Figure panels_of(const Results& results, const Shown& shown, const std::vector<std::vector<RateCurve>>& all) {
    Figure figure{.name = "rates", .title = "Learning rate over training" + shown.note};
    const bool differ = std::ranges::any_of(all, [](const auto& curves) { return curves.size() > 1; });
    const bool by_update = std::ranges::any_of(results.trials, [](const TrialResult& t) { return t.stored && !t.stored->record.update_lr.empty(); });
    figure.subtitle = by_update ? "rate of every update" : "rate of the last update of each epoch";
    if (differ) figure.subtitle += "; one line for each seed";
    const Axes axes = axes_over(all);
    if (all.size() == 1) figure.panel_height = 240;
    for (std::size_t i = 0; i < all.size(); ++i) {
        Panel panel{.title = panel_title(results, shown.configurations[i]), .x = axes.x, .y = axes.y};
        for (const RateCurve& curve : all[i]) {
            panel.series.push_back(line_of(curve));
            panel.series.back().faint = all[i].size() > 1;
        }
        figure.panels.push_back(std::move(panel));
    }
    return figure;
}

/// Eight colours, then the same dashed.
Figure together(const Results& results, const Shown& shown, const std::vector<std::vector<RateCurve>>& all) {
    Figure figure{.name = "rates-together", .title = "All learning rates" + shown.note};
    figure.subtitle = "the first seed of each configuration";
    figure.panel_height = 300;
    const Axes axes = axes_over(all);
    Panel panel{.x = axes.x, .y = axes.y};
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].empty()) continue;
        Series line = line_of(all[i].front());
        line.color = palette[i % palette.size()];
        line.dash = 1 + static_cast<int>(i / palette.size());
        figure.legend.push_back({shortened(label_of(results.plan, shown.configurations[i]), 40), line.color, line.dash});
        panel.series.push_back(std::move(line));
    }
    figure.panels.push_back(std::move(panel));
    return figure;
}

bool schedules_differ(const Results& results) {
    const auto& configurations = results.plan.configurations;
    for (std::size_t column = 0; column < results.plan.columns.size(); ++column) {
        if (!results.plan.columns[column].starts_with("schedule")) continue;
        const auto same = [&](const Configuration& c) { return c.cells[column] == configurations.front().cells[column]; };
        if (!std::ranges::all_of(configurations, same)) return true;
    }
    return false;
}

}  // namespace

std::vector<Figure> rate_figures(const Results& results) {
    const Shown shown = shown_configurations(results);
    std::vector<std::vector<RateCurve>> all;
    for (const std::size_t c : shown.configurations) all.push_back(rates_of(results, c));
    if (std::ranges::all_of(all, [](const auto& curves) { return curves.empty(); })) return {};
    std::vector<Figure> figures{panels_of(results, shown, all)};
    if (schedules_differ(results)) figures.push_back(together(results, shown, all));
    return figures;
}

}  // namespace etude
