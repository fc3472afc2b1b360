#include <algorithm>
#include <cmath>
#include <limits>
#include <fmt/format.h>

#include "base/rounded.hpp"
#include "report/figures.hpp"
#include "report/words.hpp"

namespace etude {
namespace {

constexpr double spans_decades = 30;  // largest over smallest value from which an axis is logarithmic

struct Role {
    const char *prefix, *name;
    std::size_t color;
    double width;  ///< training lies below the others and stays visible where they meet
};
/// Training, validation and test of one kind of metric go into one panel; what an instrument measured stands alone.
constexpr std::array<Role, 3> roles{{{"train_", "training", 0, 2.8}, {"validation_", "validation", 2, 1.4}, {"test_", "test", 1, 1.4}}};
constexpr Role instrument{"", "", 0, 1.8};
const std::string edge_color = "#000000";  // of 2 / lr beside the curvature
constexpr int edge_dash = 2;

/// Mean, smallest and largest over the seeds after each epoch.
struct Bundle {
    std::vector<double> x, mean, low, high;
};

std::uint64_t longest(const Results& results, std::size_t configuration) {
    std::uint64_t epochs = 0;
    for (const std::size_t i : results.configurations[configuration].trials)
        if (results.trials[i].stored) epochs = std::max(epochs, results.trials[i].stored->record.epochs);
    return epochs;
}

Bundle bundle_of(const Results& results, std::size_t configuration, const std::string& metric) {
    Bundle bundle;
    const std::uint64_t epochs = longest(results, configuration);
    for (std::uint64_t epoch = 1; epoch <= epochs; ++epoch) {
        std::vector<double> values;
        for (const std::size_t i : results.configurations[configuration].trials) {
            if (!results.trials[i].stored) continue;
            if (const auto value = metric_after(results.trials[i].stored->record, metric, epoch)) values.push_back(*value);
        }
        if (values.empty()) continue;
        bundle.x.push_back(static_cast<double>(epoch));
        bundle.mean.push_back(mean_of(values));
        bundle.low.push_back(std::ranges::min(values));
        bundle.high.push_back(std::ranges::max(values));
    }
    return bundle;
}

/// A fraction of a diverging loss would press everything else to the floor: the axis ends four decades above the third quartile of the means.
double limit_of(const std::vector<double>& means) {
    std::vector<double> sorted;
    std::ranges::copy_if(means, std::back_inserter(sorted), [](double v) { return std::isfinite(v); });
    if (sorted.empty()) return 0;
    std::ranges::sort(sorted);
    const double limit = 1e4 * sorted[sorted.size() * 3 / 4];
    return limit > 0 && limit < sorted.back() ? limit : std::numeric_limits<double>::infinity();
}

Axis value_axis(const std::string& kind, const std::vector<Bundle>& bundles) {
    std::vector<double> means, all;
    for (const Bundle& bundle : bundles) {
        means.insert(means.end(), bundle.mean.begin(), bundle.mean.end());
        all.insert(all.end(), bundle.low.begin(), bundle.low.end());
        all.insert(all.end(), bundle.high.begin(), bundle.high.end());
    }
    const bool log = kind != "accuracy" && spans(means, spans_decades);
    std::erase_if(all, [limit = limit_of(means)](double v) { return v > limit; });
    Axis axis = axis_over(kind, all, log);
    if (kind == "accuracy") axis.min = std::max(axis.min, 0.0), axis.max = std::min(axis.max, 1.0);
    set_tics(axis);
    return axis;
}

/// On a logarithmic axis a band that reaches 0 ends at the frame.
void add_series(Panel& panel, const Bundle& bundle, const Role& role, std::size_t seeds) {
    const std::string& color = palette[role.color];
    const auto on_axis = [&](std::vector<double> values) {
        for (double& value : values) value = std::clamp(value, panel.y.min, panel.y.max);
        return values;
    };
    using Form = Series::Form;
    if (seeds > 1)
        panel.series.push_back({.form = Form::band, .x = bundle.x, .low = on_axis(bundle.low), .high = on_axis(bundle.high), .color = color});
    const Form form = bundle.x.size() <= 12 ? Form::line_and_points : Form::line;
    panel.series.push_back({.form = form, .x = bundle.x, .y = bundle.mean, .color = color, .width = role.width});
}

std::string kind_of(const std::string& metric) {
    for (const Role& role : roles)
        if (metric.starts_with(role.prefix)) return metric.substr(std::string_view(role.prefix).size());
    return metric;
}

bool is_instrument(const std::vector<Role>& there) { return there.size() == 1 && std::string_view(there.front().prefix).empty(); }

/// Where gradient descent on a quadratic stops to be stable: 2 over the rate of each epoch, of the longest seed.
Bundle stability_edge(const Results& results, std::size_t configuration) {
    const std::vector<double>* rates = nullptr;
    for (const std::size_t i : results.configurations[configuration].trials) {
        const auto& stored = results.trials[i].stored;
        if (stored && (rates == nullptr || stored->record.epoch_lr.size() > rates->size())) rates = &stored->record.epoch_lr;
    }
    Bundle edge;
    for (std::size_t epoch = 0; rates != nullptr && epoch < rates->size(); ++epoch) {
        if (!((*rates)[epoch] > 0)) continue;
        edge.x.push_back(static_cast<double>(epoch + 1));
        edge.mean.push_back(2 / (*rates)[epoch]);
    }
    edge.low = edge.high = edge.mean;
    return edge;
}

std::vector<Role> roles_with(const Results& results, const std::string& kind) {
    std::vector<Role> there;
    for (const Role& role : roles)
        if (std::ranges::find(results.plan.metrics, role.prefix + kind) != results.plan.metrics.end()) there.push_back(role);
    return there.empty() ? std::vector<Role>{instrument} : there;
}

std::size_t most_seeds(const Results& results) {
    std::size_t seeds = 0;
    for (const ConfigurationResult& configuration : results.configurations) seeds = std::max(seeds, configuration.trials.size());
    return seeds;
}

Figure curve_figure(const Results& results, const std::string& kind, const Shown& shown) {
    const auto there = roles_with(results, kind);
    std::vector<Bundle> bundles;  // [configuration, role]
    std::uint64_t epochs = 1;
    for (const std::size_t c : shown.configurations) {
        for (const Role& role : there) bundles.push_back(bundle_of(results, c, role.prefix + kind));
        epochs = std::max(epochs, longest(results, c));
    }
    const std::size_t seeds = most_seeds(results);
    std::vector<Bundle> edges;
    if (kind == "curvature")
        for (const std::size_t c : shown.configurations) edges.push_back(stability_edge(results, c));
    Figure figure{.name = kind, .title = (kind == "rmse" ? "RMSE" : capital(spaced(kind))) + " over training" + shown.note};
    figure.subtitle = seeds > 1 ? fmt::format("line: mean over {} seeds; band: from the lowest to the highest seed", seeds) : "one seed";
    figure.caption = is_instrument(there) ? "Measured by the trials themselves."
                                          : "Training values are running means over the epoch, the others are taken after it.";
    if (std::ranges::any_of(results.configurations, [](const ConfigurationResult& c) { return c.diverged > 0; }))
        figure.caption += " A diverged trial goes on with what it counts with: its loss at initialisation, or the share of the most frequent class.";
    if (!is_instrument(there))
        for (const Role& role : there) figure.legend.push_back({role.name, palette[role.color]});
    if (!edges.empty())
        figure.legend = {{"largest eigenvalue of the Hessian", palette[instrument.color]},
                         {"2 / lr: gradient descent is stable below", edge_color, edge_dash}};
    std::vector<Bundle> all = bundles;
    all.insert(all.end(), edges.begin(), edges.end());
    const Axis y = value_axis(kind, all);
    const auto beyond = [&](double v) { return v > y.max; };
    if (std::ranges::any_of(bundles, [&](const Bundle& bundle) { return std::ranges::any_of(bundle.mean, beyond); }))
        figure.caption += " Means above " + rounded(y.max) + " are cut.";
    if (shown.configurations.size() == 1) figure.panel_height = 240;
    const Axis x = epoch_axis(static_cast<double>(epochs), false);
    for (std::size_t i = 0; i < shown.configurations.size(); ++i) {
        Panel panel{.title = panel_title(results, shown.configurations[i]), .x = x, .y = y};
        for (std::size_t r = 0; r < there.size(); ++r) add_series(panel, bundles[i * there.size() + r], there[r], seeds);
        if (!edges.empty())
            panel.series.push_back({.form = Series::Form::line, .x = edges[i].x, .y = edges[i].mean, .color = edge_color, .dash = edge_dash,
                                    .width = 1.8});
        figure.panels.push_back(std::move(panel));
    }
    return figure;
}

}  // namespace

Shown shown_configurations(const Results& results) {
    constexpr std::size_t most = 24, half = most / 2;
    Shown shown;
    const auto done = [&](std::size_t c) {
        return std::ranges::any_of(results.configurations[c].trials, [&](std::size_t i) {
            const auto& stored = results.trials[i].stored;
            return stored && stored->record.status != Status::failed && (stored->record.status != Status::pruned || stored->record.epochs > 0);
        });
    };
    for (std::size_t c = 0; c < results.configurations.size(); ++c)
        if (done(c)) shown.configurations.push_back(c);
    const std::size_t all = shown.configurations.size();
    if (all <= most) return shown;
    shown.configurations = results.best_first;
    std::erase_if(shown.configurations, [&](std::size_t c) { return !done(c); });
    shown.configurations.erase(shown.configurations.begin() + half, shown.configurations.end() - half);
    shown.note = fmt::format(": the best and worst {} of {}", half, all);
    return shown;
}

std::string panel_title(const Results& results, std::size_t configuration) {
    const ConfigurationResult& result = results.configurations[configuration];
    const std::string label = label_of(results.plan, configuration);
    if (result.pruned > 0) return fmt::format("{} ({} of {} pruned)", label, result.pruned, result.trials.size() - result.missing);
    return result.diverged == 0 ? label : fmt::format("{} ({} of {} diverged)", label, result.diverged, result.trials.size() - result.missing);
}

std::vector<Figure> curve_figures(const Results& results) {
    const Shown shown = shown_configurations(results);
    std::vector<std::string> kinds;
    for (const std::string& metric : results.plan.metrics)
        if (std::ranges::find(kinds, kind_of(metric)) == kinds.end()) kinds.push_back(kind_of(metric));
    std::vector<Figure> figures;
    if (shown.configurations.empty()) return figures;
    for (const std::string& kind : kinds) figures.push_back(curve_figure(results, kind, shown));
    return figures;
}

}  // namespace etude
