#include <algorithm>

#include "report/figures.hpp"
#include "report/words.hpp"

namespace etude {
namespace {

constexpr double region_share = 0.3;  // of the class's colour in the tint of its region

/// Of the first seed that has one.
const StoredTrial* trial_with_map(const Results& results, std::size_t configuration) {
    for (const std::size_t i : results.configurations[configuration].trials) {
        const auto& stored = results.trials[i].stored;
        if (stored && stored->record.decision && results.samples.contains(stored->record.decision->samples)) return &*stored;
    }
    return nullptr;
}

const std::string& class_color(std::size_t label) { return palette[label % palette.size()]; }

Raster raster_of(const DecisionMap& map) {
    Raster raster{map.columns, map.rows, {}};
    for (const std::uint8_t label : map.classes) raster.colors.push_back(tint(class_color(label), region_share));
    return raster;
}

std::vector<Series> points_of(const Samples& samples) {
    std::vector<Series> classes;
    for (std::size_t i = 0; i < samples.x.size(); ++i) {
        const auto label = static_cast<std::size_t>(std::max(samples.labels[i], 0));
        while (classes.size() <= label) classes.push_back({.form = Series::Form::samples, .color = class_color(classes.size())});
        classes[label].x.push_back(samples.x[i]);
        classes[label].y.push_back(samples.y[i]);
    }
    return classes;
}

Panel panel_of(const Results& results, const StoredTrial& trial, const std::string& title) {
    const DecisionMap& map = *trial.record.decision;
    Panel panel{.title = title, .x = {.label = "x1", .min = map.x_min, .max = map.x_max}, .y = {.label = "x2", .min = map.y_min, .max = map.y_max}};
    set_tics(panel.x), set_tics(panel.y);
    panel.series = points_of(results.samples.at(map.samples));
    panel.raster = raster_of(map);
    return panel;
}

}  // namespace

std::vector<Figure> decision_figures(const Results& results) {
    std::vector<std::size_t> with_map;
    for (const std::size_t c : results.best_first)
        if (results.configurations[c].rank && trial_with_map(results, c) != nullptr) with_map.push_back(c);
    if (with_map.empty()) return {};
    Figure figure{.name = "decision", .title = "Decision boundary over the data"};
    figure.subtitle = "tint: class the network chooses; dots: samples in the colour of their class";
    figure.panel_height = 330;
    const auto add = [&](std::size_t c, const std::string& word) {
        const StoredTrial& trial = *trial_with_map(results, c);
        const std::string seed = ", seed " + std::to_string(trial.seed);
        figure.panels.push_back(panel_of(results, trial, word + label_of(results.plan, c) + seed));
    };
    add(with_map.front(), with_map.size() > 1 ? "best: " : "");
    if (with_map.size() > 1) add(with_map.back(), "worst: ");
    if (figure.panels.size() == 1) figure.width = 560;
    const auto& first = figure.panels.front();
    const std::size_t classes = first.series.size();
    for (std::size_t label = 0; label < classes; ++label) figure.legend.push_back({"class " + std::to_string(label), class_color(label), 1, true});
    // Two data sets have two scales.
    figure.share_axes = first.x.min == figure.panels.back().x.min && first.y.min == figure.panels.back().y.min;
    return {figure};
}

}  // namespace etude
