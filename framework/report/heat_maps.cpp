// The score over every two swept columns: where several settings work together, no single axis shows it.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/rounded.hpp"
#include "base/text.hpp"
#include "report/figures.hpp"
#include "report/ramp.hpp"
#include "report/words.hpp"

namespace etude {
namespace {

constexpr std::size_t most_values = 32, most_axes = 4, most_words = 12;  // of an axis; of a study; of a row in which numbers still fit
constexpr std::size_t half_line = 40, line = 56, most_rows = 16;  // characters below a map; lines beside it
constexpr std::uint32_t nothing = 0xE8E8E8;

/// A swept column and its values: numbers in order, words as they come.
struct HeatAxis {
    std::size_t column = 0;
    std::vector<std::string> values{}, texts{};
    std::size_t place_of(const std::string& cell) const { return static_cast<std::size_t>(std::ranges::find(values, cell) - values.begin()); }
};

HeatAxis heat_axis(const Plan& plan, std::size_t column) {
    HeatAxis axis{.column = column};
    for (const Configuration& c : plan.configurations)
        if (!c.cells[column].empty() && std::ranges::find(axis.values, c.cells[column]) == axis.values.end()) axis.values.push_back(c.cells[column]);
    const bool numbers = std::ranges::all_of(axis.values, [](const std::string& v) { return parse_real(v).has_value(); });
    if (numbers) {
        std::ranges::sort(axis.values, {}, [](const std::string& v) { return *parse_real(v); });
        std::vector<double> reals;
        for (const std::string& v : axis.values) reals.push_back(*parse_real(v));
        axis.texts = tic_texts(reals);
    } else {
        for (const std::string& v : axis.values) axis.texts.push_back(shortened(v, 14));
    }
    return axis;
}

/// The mean score of the best configuration in each cell: the other columns are optimised out.
struct HeatMap {
    HeatAxis x, y;
    std::vector<std::optional<double>> cells{};  ///< [y, x]
    std::size_t filled() const { return static_cast<std::size_t>(std::ranges::count_if(cells, [](const auto& c) { return c.has_value(); })); }
};

HeatMap heat_map(const Results& results, const HeatAxis& x, const HeatAxis& y) {
    HeatMap map{x, y, std::vector<std::optional<double>>(x.values.size() * y.values.size())};
    for (const std::size_t c : results.best_first) {
        const auto& cells = results.plan.configurations[c].cells;
        const std::size_t column = x.place_of(cells[x.column]), row = y.place_of(cells[y.column]);
        if (column == x.values.size() || row == y.values.size() || !results.configurations[c].score.mean) continue;
        auto& cell = map.cells[row * x.values.size() + column];
        if (!cell) cell = results.configurations[c].score.mean;  // the first is the best
    }
    return map;
}

/// Two columns that are crossed: more cells than a line of them would fill.
bool is_crossed(const HeatMap& map) { return map.filled() > std::max(map.x.values.size(), map.y.values.size()); }

/// Side by side below the cells.
std::size_t tics_that_fit(const HeatAxis& axis, std::size_t line_width) {
    std::size_t widest = 1;
    for (const std::string& text : axis.texts) widest = std::max(widest, display_width(text));
    return std::max<std::size_t>(2, line_width / (widest + 1));
}

Axis cell_axis(const HeatAxis& values, const std::string& name, std::size_t most_tics) {
    Axis axis{.label = name, .min = 0, .max = static_cast<double>(values.values.size())};
    const std::size_t step = (values.texts.size() + most_tics - 1) / most_tics;
    for (std::size_t i = 0; i < values.texts.size(); i += step) axis.tics.emplace_back(static_cast<double>(i) + 0.5, values.texts[i]);
    return axis;
}

struct Range {
    double low = 0, high = 0;
    bool log = false, larger_is_better = true;
    double share(double value) const {
        if (!(high > low)) return 1;
        const double at = log ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
        return larger_is_better ? at : 1 - at;
    }
    double value_at(double share_of_best) const {
        const double at = larger_is_better ? share_of_best : 1 - share_of_best;
        return log ? low * std::pow(high / low, at) : low + at * (high - low);
    }
};

Panel panel_of(const Plan& plan, const HeatMap& map, const Range& range, std::size_t line_width) {
    Panel panel{.x = cell_axis(map.x, plan.columns[map.x.column], tics_that_fit(map.x, line_width)),
                .y = cell_axis(map.y, plan.columns[map.y.column], most_rows)};
    panel.raster = {map.x.values.size(), map.y.values.size(), {}, true};
    Series on_dark{.form = Series::Form::words, .color = "#ffffff"}, on_light{.form = Series::Form::words, .color = "#000000"};
    for (std::size_t i = 0; i < map.cells.size(); ++i) {
        const auto& cell = map.cells[i];
        panel.raster.colors.push_back(cell ? ramp_color(range.share(*cell)) : nothing);
        if (!cell || map.x.values.size() > most_words) continue;
        Series& words = range.share(*cell) < 0.6 ? on_dark : on_light;
        words.x.push_back(static_cast<double>(i % map.x.values.size()) + 0.5);
        words.y.push_back(static_cast<double>(i / map.x.values.size()) + 0.5);
        words.texts.push_back(std::abs(*cell) < 1000 ? fmt::format("{:#.3g}", *cell) : fmt::format("{:.0f}", *cell));
    }
    panel.series = {on_dark, on_light};
    return panel;
}

Range range_of(const std::vector<HeatMap>& maps, bool larger) {
    std::vector<double> values;
    for (const HeatMap& map : maps)
        for (const auto& cell : map.cells)
            if (cell) values.push_back(*cell);
    const auto [low, high] = std::ranges::minmax(values);
    return {low, high, !larger && low > 0 && spans(values, 30), larger};
}

}  // namespace

std::vector<Figure> heat_map_figures(const Results& results) {
    std::vector<HeatAxis> axes;
    for (std::size_t i = 0; i < results.plan.columns.size(); ++i) {
        HeatAxis axis = heat_axis(results.plan, i);
        if (axis.values.size() >= 2 && axis.values.size() <= most_values && axes.size() < most_axes) axes.push_back(std::move(axis));
    }
    std::vector<HeatMap> maps;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        for (std::size_t k = i + 1; k < axes.size(); ++k) {
            HeatMap map = heat_map(results, axes[i], axes[k]);
            if (is_crossed(map)) maps.push_back(std::move(map));
        }
    }
    if (maps.empty()) return {};
    const Range range = range_of(maps, larger_is_better(results.plan.metric.name));
    Figure figure{.name = "heat", .title = capital(metric_words(results.plan.metric)) + " over every two settings", .share_axes = false};
    figure.subtitle = axes.size() > 2 ? "each cell: the mean over seeds of its best configuration, what is not on the axes optimised out"
                                      : "each cell: the mean over seeds";
    figure.panel_height = 200;
    if (maps.size() == 1) figure.width = 560, figure.panel_height = 300;
    for (const HeatMap& map : maps) figure.panels.push_back(panel_of(results.plan, map, range, maps.size() == 1 ? line : half_line));
    for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0})
        figure.legend.push_back({rounded(range.value_at(share)), fmt::format("#{:06x}", ramp_color(share)), 1, true});
    return {figure};
}

}  // namespace etude
