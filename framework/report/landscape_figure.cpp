#include <algorithm>
#include <cmath>
#include <limits>
#include <fmt/format.h>

#include "base/rounded.hpp"
#include "report/figures.hpp"
#include "report/ramp.hpp"
#include "report/words.hpp"

namespace etude {
namespace {

constexpr double steep = 30;  // largest over smallest loss from which the scale is logarithmic
constexpr std::size_t most_rectangles = 25;  // a side of a map; above, a picture is smaller than its rectangles

std::vector<const Landscape*> slices_of(const Results& results, std::size_t configuration) {
    std::vector<const Landscape*> slices;
    for (const std::size_t i : results.configurations[configuration].trials)
        if (const auto& stored = results.trials[i].stored; stored && stored->record.landscape) slices.push_back(&*stored->record.landscape);
    return slices;
}

Axis distance_axis(double span, std::string label) {
    Axis axis{.label = std::move(label), .min = -span, .max = span};
    set_tics(axis);
    return axis;
}

/// A line a seed.
Panel line_panel(const std::vector<const Landscape*>& slices, const Axis& losses) {
    Panel panel{.x = distance_axis(slices.front()->spec.span, "along a random direction"), .y = losses};
    for (const Landscape* slice : slices) {
        Series line{.form = Series::Form::line, .faint = slices.size() > 3};
        for (std::size_t i = 0; i < slice->losses.size(); ++i) line.x.push_back(slice->spec.coordinate(i)), line.y.push_back(slice->losses[i]);
        panel.series.push_back(std::move(line));
    }
    return panel;
}

struct LossScale {
    double low = 0, high = 1;
    bool log = false;
    double share(double loss) const {
        if (!(loss < high)) return 1;
        return log ? std::log(loss / low) / std::log(high / low) : (loss - low) / (high - low);
    }
    double at(double share) const { return log ? low * std::pow(high / low, share) : low + share * (high - low); }
};

/// From the smallest loss to four decades above it at the most.
LossScale scale_of(const std::vector<double>& losses) {
    LossScale scale{.low = std::ranges::min(losses), .high = std::ranges::max(losses)};
    scale.log = scale.low > 0 && spans(losses, steep);
    if (scale.log) scale.high = std::min(scale.high, 1e4 * scale.low);
    if (!(scale.high > scale.low)) scale.high = scale.low + 1;
    return scale;
}

/// Of one seed: low losses are light.
Panel map_panel(const Landscape& slice, const LossScale& scale) {
    Panel panel{.x = distance_axis(slice.spec.span, "first direction"), .y = distance_axis(slice.spec.span, "second")};
    panel.raster = {slice.spec.points, slice.spec.points, {}, slice.spec.points <= most_rectangles};
    for (const double loss : slice.losses) panel.raster.colors.push_back(ramp_color(std::isfinite(loss) ? 1 - scale.share(loss) : 0));
    panel.series.push_back({.form = Series::Form::samples, .x = {0}, .y = {0}, .color = "#000000"});
    return panel;
}

}  // namespace

std::vector<Figure> landscape_figures(const Results& results) {
    const Shown shown = shown_configurations(results);
    std::vector<double> finite;
    std::size_t dimensions = 0;
    for (const std::size_t c : shown.configurations)
        for (const Landscape* slice : slices_of(results, c)) {
            if (dimensions == 0) dimensions = slice->spec.dimensions;
            if (slice->spec.dimensions != dimensions) return {};  // a study that sweeps them: nothing to set side by side
            std::ranges::copy_if(slice->losses, std::back_inserter(finite), [](double loss) { return std::isfinite(loss); });
        }
    if (finite.empty()) return {};
    const bool flat = dimensions == 1;
    const LossScale scale = scale_of(finite);
    Figure figure{.name = "landscape", .title = "Training loss around the trained weights" + shown.note, .share_axes = flat};
    figure.subtitle = flat ? "along a random direction, scaled row by row as long as the weights; a line a seed"
                           : "over two random directions, scaled row by row as long as the weights; dot: the weights; one seed";
    figure.caption = "Directions are normalised filter by filter (Li et al. 2018), so that slices of different networks have one scale.";
    figure.panel_height = flat ? 180 : 300;
    Axis losses = axis_over("training loss", flat && scale.log ? std::vector<double>{scale.low, scale.high} : finite, scale.log);
    set_tics(losses);
    for (const std::size_t c : shown.configurations) {
        const auto slices = slices_of(results, c);
        if (slices.empty()) continue;
        figure.panels.push_back(flat ? line_panel(slices, losses) : map_panel(*slices.front(), scale));
        figure.panels.back().title = panel_title(results, c);
    }
    if (!flat)
        for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0})
            figure.legend.push_back({rounded(scale.at(share)), fmt::format("#{:06x}", ramp_color(1 - share)), 1, true});
    return {figure};
}

}  // namespace etude
