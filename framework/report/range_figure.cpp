// The figure of a range test: loss over rate, smoothed, over the seeds, with what is suggested.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/rounded.hpp"
#include "report/range_report.hpp"
#include "report/words.hpp"

namespace etude {
namespace {

struct Bundle {
    std::vector<double> x, median, low, high;  ///< over the rates
    std::vector<double> raw_x, raw;            ///< every loss of every seed
};

double median_of(std::vector<double> values) {
    std::ranges::sort(values);
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// Seeds that have diverged are out of the median; it ends where fewer than half are left.
Bundle bundle_of(const Results& results, std::size_t configuration) {
    std::vector<const Record*> records;
    for (const std::size_t i : results.configurations[configuration].trials)
        if (const auto& stored = results.trials[i].stored; stored && stored->record.find(range_smoothed_curve) != nullptr)
            records.push_back(&stored->record);
    Bundle bundle;
    for (std::size_t u = 0;; ++u) {
        std::vector<double> values;
        double rate = 0;
        for (const Record* record : records) {
            const auto& smoothed = record->find(range_smoothed_curve)->values;
            const auto& loss = record->find(range_loss_curve)->values;
            if (u >= smoothed.size() || u >= record->update_lr.size() || !std::isfinite(smoothed[u])) continue;
            rate = record->update_lr[u];
            values.push_back(static_cast<double>(smoothed[u]));
            bundle.raw_x.push_back(rate), bundle.raw.push_back(static_cast<double>(loss[u]));
        }
        if (values.empty() || 2 * values.size() < records.size()) return bundle;
        bundle.x.push_back(rate);
        bundle.median.push_back(median_of(values));
        bundle.low.push_back(std::ranges::min(values));
        bundle.high.push_back(std::ranges::max(values));
    }
}

/// From a little below the lowest to what shows the rise, not the explosion.
Axis loss_axis(const Bundle& bundle) {
    const double lowest = std::ranges::min(bundle.low), start = bundle.median[bundle.median.size() / 10];
    const double shown = std::max(2 * start,
                                  1.5 * *std::ranges::max_element(bundle.median.begin(),
                                                                  bundle.median.begin() + static_cast<std::ptrdiff_t>(bundle.median.size() / 2)));
    const double highest = std::min(std::ranges::max(bundle.high), shown);
    Axis axis = axis_over("training loss", {lowest, highest}, false);
    if (lowest >= 0) axis.min = std::max(axis.min, 0.0);
    set_tics(axis);
    return axis;
}

struct Mark {
    const char* text;
    std::size_t color;
};
constexpr std::array<Mark, range_rule_count> marks{{{"steepest", 2}, {"valley", 1}, {"minimum / 10", 3}, {"slide", 5}, {"divergence / 10", 4}}};

std::vector<double> clamped(std::vector<double> values, const Axis& axis) {
    for (double& value : values) value = std::clamp(value, axis.min, axis.max);
    return values;
}

/// An upright line from the floor to the ceiling.
Series upright(double rate, const Axis& y, const std::string& color, int dash, double width) {
    return {.form = Series::Form::line, .x = {rate, rate}, .y = {y.min, y.max}, .color = color, .dash = dash, .width = width};
}

Figure figure_of(const Results& results, std::size_t configuration) {
    const bool several = results.configurations.size() > 1;
    const RangeSummary summary = range_summary(results, configuration);
    const Bundle bundle = bundle_of(results, configuration);
    Figure figure{.name = several ? fmt::format("range_test-{}", configuration) : "range_test",
                  .title = "Range test: " + label_of(results.plan, configuration)};
    figure.subtitle = summary.tests > 1
                          ? fmt::format("line: median of the smoothed losses of {} seeds; band: from the lowest to the highest; dots: single losses",
                                        summary.tests)
                          : "line: smoothed loss; dots: single losses";
    figure.panel_height = 340;
    figure.columns = 1;
    std::vector<double> rates = bundle.raw_x;
    if (summary.divergence) rates.push_back(summary.divergence->highest);
    Panel panel{.title = {}, .x = axis_over("learning rate", rates, true), .y = loss_axis(bundle)};
    panel.x.min = summary.first_rate, panel.x.max = std::ranges::max(rates);
    set_tics(panel.x);

    if (summary.divergence && summary.divergence->highest > summary.divergence->lowest) {
        const RateSpread& d = *summary.divergence;
        panel.series.push_back({.form = Series::Form::band,
                                .x = {d.lowest, d.highest},
                                .low = {panel.y.min, panel.y.min},
                                .high = {panel.y.max, panel.y.max},
                                .color = palette[7]});
    }
    std::vector<double> x, y;
    for (std::size_t i = 0; i < bundle.raw.size(); ++i)
        if (bundle.raw[i] >= panel.y.min && bundle.raw[i] <= panel.y.max) x.push_back(bundle.raw_x[i]), y.push_back(bundle.raw[i]);
    panel.series.push_back({.form = Series::Form::dots, .x = std::move(x), .y = std::move(y), .color = palette[7], .faint = true});
    if (summary.tests > 1)
        panel.series.push_back({.form = Series::Form::band,
                                .x = bundle.x,
                                .low = clamped(bundle.low, panel.y),
                                .high = clamped(bundle.high, panel.y),
                                .color = palette[0]});
    panel.series.push_back({.form = Series::Form::line, .x = bundle.x, .y = clamped(bundle.median, panel.y), .color = palette[0], .width = 2.4});
    figure.legend.push_back({"smoothed loss", palette[0]});
    for (std::size_t rule = 0; rule < range_rule_count; ++rule) {
        if (!summary.suggestions[rule]) continue;
        const std::string& color = palette[marks[rule].color];
        const int dash = static_cast<int>(rule) + 1;
        panel.series.push_back(upright(summary.suggestions[rule]->median, panel.y, color, dash, 1.8));
        figure.legend.push_back({fmt::format("{} {}", marks[rule].text, rounded(summary.suggestions[rule]->median)), color, dash});
    }
    if (summary.divergence) {
        panel.series.push_back(upright(summary.divergence->median, panel.y, "#404040", 1, 1.8));
        figure.legend.push_back({"divergence " + rounded(summary.divergence->median), "#404040"});
    }
    figure.caption = "Upright lines: medians over the seeds. A test that has diverged is out of line and band; the line ends where half have.";
    if (summary.divergence && summary.divergence->n > 1) figure.caption += " Grey: from the first seed that diverges to the last.";
    figure.panels.push_back(std::move(panel));
    return figure;
}

}  // namespace

std::vector<Figure> range_figures(const Results& results) {
    std::vector<Figure> figures;
    for (std::size_t c = 0; c < results.configurations.size(); ++c)
        if (range_summary(results, c).tests > 0 && !bundle_of(results, c).x.empty()) figures.push_back(figure_of(results, c));
    return figures;
}

}  // namespace etude
