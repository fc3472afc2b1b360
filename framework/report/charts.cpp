// Pictures that need no study: schedules and data sets.
#include <algorithm>
#include <fmt/format.h>
#include <numeric>

#include "base/text.hpp"
#include "report/contact_sheet.hpp"
#include "report/plot.hpp"
#include "report/report.hpp"

namespace etude {
namespace {

constexpr std::size_t most_points = 2000, most_histograms = 18, bins = 30;

/// Each point that a picture of this width can show: all, or the first, smallest, largest and last of equal slices.
Series line_of(const NamedCurve& curve) {
    Series line;
    const std::size_t count = std::min(curve.x.size(), curve.y.size());
    const std::size_t slice = count / most_points * 4 + 1;
    for (std::size_t start = 0; start < count; start += slice) {
        const std::size_t end = std::min(count, start + slice);
        const auto first = curve.y.begin() + static_cast<std::ptrdiff_t>(start), last = curve.y.begin() + static_cast<std::ptrdiff_t>(end);
        const auto place = [&](auto at) { return static_cast<std::size_t>(at - curve.y.begin()); };
        std::vector<std::size_t> kept{start, place(std::min_element(first, last)), place(std::max_element(first, last)), end - 1};
        std::ranges::sort(kept);
        kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
        for (const std::size_t i : kept) line.x.push_back(curve.x[i]), line.y.push_back(curve.y[i]);
    }
    return line;
}

std::vector<std::uint32_t> all_rows(const Part& part) {
    std::vector<std::uint32_t> rows(part.count());
    std::iota(rows.begin(), rows.end(), 0U);
    return rows;
}

/// [count, features]
std::vector<float> values_of(const Dataset& dataset, const Part& part) {
    const std::size_t features = dataset.shape.size();
    std::vector<float> values(part.count() * features);
    part.gather(all_rows(part), values.data(), features);
    return values;
}

std::string class_name(const Dataset& dataset, std::size_t label) {
    return label < dataset.class_names.size() ? dataset.class_names[label] : "class " + std::to_string(label);
}

std::string sizes(const Dataset& dataset) {
    std::string text = std::to_string(dataset.train.count()) + " for training";
    if (dataset.validation.count() > 0) text += fmt::format(", {} for validation", dataset.validation.count());
    return text + fmt::format(", {} for test", dataset.test.count());
}

Figure scatter(const Dataset& dataset) {
    Figure figure{.name = "data", .title = dataset.name, .subtitle = sizes(dataset), .columns = 2, .panel_height = 340};
    std::vector<double> xs, ys;
    for (const auto& [title, part] : {std::pair<std::string, const Part*>{"training", &dataset.train}, {"test", &dataset.test}}) {
        if (part->count() == 0) continue;
        const auto values = values_of(dataset, *part);
        Panel panel{.title = title};
        for (std::size_t label = 0; label < std::max<std::size_t>(dataset.classes, 1); ++label)
            panel.series.push_back({.form = Series::Form::samples, .color = palette[label % palette.size()]});
        for (std::size_t i = 0; i < part->count(); ++i) {
            Series& dots = panel.series[static_cast<std::size_t>(part->label(i)) % panel.series.size()];
            dots.x.push_back(values[2 * i]), dots.y.push_back(values[2 * i + 1]);
            xs.push_back(values[2 * i]), ys.push_back(values[2 * i + 1]);
        }
        figure.panels.push_back(std::move(panel));
    }
    for (Panel& panel : figure.panels) panel.x = axis_over("x1", xs, false), panel.y = axis_over("x2", ys, false);
    for (std::size_t label = 0; label < dataset.classes; ++label)
        figure.legend.push_back({class_name(dataset, label), palette[label % palette.size()], 1, true});
    return figure;
}

Panel histogram(const std::string& title, const std::vector<double>& values) {
    Panel panel{.title = title, .x = axis_over("", values, false)};
    const double width = (panel.x.max - panel.x.min) / static_cast<double>(bins);
    Series bars{.form = Series::Form::bars};
    for (std::size_t i = 0; i < bins; ++i) {
        bars.x.push_back(panel.x.min + (static_cast<double>(i) + 0.5) * width);
        bars.y.push_back(0);
    }
    for (const double value : values) bars.y[std::min(static_cast<std::size_t>((value - panel.x.min) / width), bins - 1)] += 1;
    panel.y = {.label = "samples", .min = 0, .max = 1.05 * std::max(1.0, *std::ranges::max_element(bars.y))};
    set_tics(panel.y);
    panel.series = {bars};
    return panel;
}

/// The targets of a regression, then the features.
Figure histograms(const Dataset& dataset) {
    Figure figure{.name = "data", .title = dataset.name, .subtitle = sizes(dataset) + "; training part", .columns = 3, .share_axes = false};
    const std::size_t features = dataset.shape.size(), count = dataset.train.count();
    std::vector<double> targets;
    for (std::size_t i = 0; i < count; ++i) targets.push_back(dataset.classes == 0 ? dataset.train.target(i) : dataset.train.label(i));
    if (count == 0) return figure;
    const std::string kind = dataset.classes == 0 ? "target" : "class";
    figure.panels.push_back(histogram(dataset.target_name.empty() ? kind : dataset.target_name + " (target)", targets));
    const auto values = values_of(dataset, dataset.train);
    const std::size_t shown = std::min(features, most_histograms - 1);
    for (std::size_t f = 0; f < shown; ++f) {
        std::vector<double> column;
        for (std::size_t i = 0; i < count; ++i) column.push_back(values[i * features + f]);
        figure.panels.push_back(histogram(f < dataset.feature_names.size() ? dataset.feature_names[f] : "x" + std::to_string(f + 1), column));
    }
    if (shown < features) figure.subtitle += fmt::format("; the first {} of {} features", shown, features);
    return figure;
}

}  // namespace

std::string line_chart_svg(const std::string& title, const std::string& x_label, const std::string& y_label, const std::vector<NamedCurve>& curves,
                           bool log_y) {
    Figure figure{.name = "chart", .title = title, .panel_height = 320};
    Panel panel;
    std::vector<double> xs, ys;
    for (std::size_t i = 0; i < curves.size(); ++i) {
        Series line = line_of(curves[i]);
        line.color = palette[i % palette.size()];
        line.dash = 1 + static_cast<int>(i / palette.size());
        xs.insert(xs.end(), line.x.begin(), line.x.end());
        ys.insert(ys.end(), line.y.begin(), line.y.end());
        if (curves.size() > 1 || !curves[i].name.empty()) figure.legend.push_back({shortened(curves[i].name, 80), line.color, line.dash});
        panel.series.push_back(std::move(line));
    }
    panel.x = axis_over(x_label, xs, false);
    panel.y = axis_over(y_label, ys, log_y);
    figure.panels.push_back(std::move(panel));
    return draw({figure}).front();
}

std::string dataset_svg(const Dataset& dataset) {
    if (dataset.image) return contact_sheet_svg(dataset);
    return draw({dataset.shape.size() == 2 && dataset.classes > 0 ? scatter(dataset) : histograms(dataset)}).front();
}

}  // namespace etude
