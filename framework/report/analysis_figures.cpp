// Figures of the analysis: performance profiles, and what a rate costs where it was not tuned.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/rounded.hpp"
#include "report/figures.hpp"
#include "report/words.hpp"

namespace etude {
namespace {

constexpr std::size_t most_profiles = 8, most_shapes = 12;  // colours of the palette; cells that words fit in

/// Lines lie on each other often.
int dash_of(std::size_t place) { return 1 + static_cast<int>(place % 3); }

/// A staircase over log tau: level until the next ratio, then up.
Series staircase(const Profile& profile, double end, std::size_t place) {
    Series line{.color = palette[place % palette.size()]};
    for (std::size_t i = 0; i < profile.taus.size(); ++i) {
        if (i > 0) line.x.push_back(profile.taus[i]), line.y.push_back(profile.shares[i - 1]);
        line.x.push_back(profile.taus[i]), line.y.push_back(profile.shares[i]);
    }
    line.x.push_back(end), line.y.push_back(profile.shares.back());
    line.dash = dash_of(place);
    return line;
}

/// Those that solve most, the faster first; at most as many as there are colours.
std::vector<std::size_t> shown_profiles(const std::vector<Profile>& profiles) {
    std::vector<std::size_t> shown;
    for (std::size_t c = 0; c < profiles.size(); ++c)
        if (profiles[c].shares.back() > 0) shown.push_back(c);
    std::ranges::stable_sort(shown, [&](std::size_t a, std::size_t b) {
        return std::pair(profiles[a].shares.back(), profiles[a].shares.front()) > std::pair(profiles[b].shares.back(), profiles[b].shares.front());
    });
    shown.resize(std::min(shown.size(), most_profiles));
    return shown;
}

std::string target_words(const TargetSpec& target) { return spaced(target.metric) + " " + rounded(target.value); }

/// White where nothing is lost, redder the more is.
std::uint32_t cost_color(const std::optional<double>& cost, double most) {
    if (!cost) return 0xE6E6E6;
    return tint(palette[1], most > 0 ? 0.9 * std::clamp(*cost / most, 0.0, 1.0) : 0);
}

bool costs_anything(const Regret& regret) {
    return std::ranges::any_of(regret.cost,
                               [](const auto& row) { return std::ranges::any_of(row, [](const auto& cost) { return cost.value_or(0) > 0; }); });
}

Axis shape_axis(const Analysis& analysis, const Regret& regret, const std::string& label, bool with_rate) {
    Axis axis{.label = label, .min = 0, .max = static_cast<double>(regret.axes.size())};
    for (std::size_t i = 0; i < regret.axes.size(); ++i) {
        const RateAnalysis& rates = analysis.rates[regret.axes[i]];
        const std::string text = with_rate ? rounded(rates.rates[rates.best]) : shortened(rates.label, 40);
        axis.tics.emplace_back(static_cast<double>(i) + 0.5, text);
    }
    return axis;
}

Figure regret_figure(const Results& results, const Analysis& analysis, const Regret& regret) {
    double most = 0;
    for (const auto& row : regret.cost)
        for (const auto& cost : row) most = std::max(most, cost.value_or(0));
    Panel panel{.x = shape_axis(analysis, regret, "best " + regret.column + " of each, in the same order from below", true),
                .y = shape_axis(analysis, regret, "", false)};
    panel.raster = {regret.axes.size(), regret.axes.size(), {}, true};
    Series words{.form = Series::Form::words, .color = "#000000"};
    for (std::size_t row = 0; row < regret.cost.size(); ++row) {
        for (std::size_t column = 0; column < regret.cost.size(); ++column) {
            const auto& cost = regret.cost[row][column];
            panel.raster.colors.push_back(cost_color(cost, most));
            if (!cost) continue;
            words.x.push_back(static_cast<double>(column) + 0.5), words.y.push_back(static_cast<double>(row) + 0.5);
            words.texts.push_back(*cost == 0 ? "0" : fmt::format("{:.2g}", *cost));
        }
    }
    panel.series = {words};
    Figure figure{.name = "regret-" + file_word(regret.column), .title = "What another's best " + regret.column + " costs"};
    figure.subtitle = "each cell: how much worse the " + metric_words(results.plan.metric) +
                      " of the row is with the rate of the column; grey: not tried";
    figure.panel_height = std::max(120.0, 34.0 * static_cast<double>(regret.axes.size()));
    figure.panels.push_back(std::move(panel));
    return figure;
}

}  // namespace

std::vector<Figure> profile_figures(const Results& results, const Analysis& analysis) {
    if (!analysis.target || results.configurations.size() < 2) return {};
    const auto& profiles = analysis.target->epochs;
    const auto shown = shown_profiles(profiles);
    if (shown.empty()) return {};
    const double end = std::max(2.0, profiles.front().taus.back() * 1.1);
    Figure figure{.name = "profiles", .title = "Epochs to " + target_words(*results.plan.target)};
    figure.subtitle = "share of seeds on which each needs at most so many times the epochs of the fastest";
    if (shown.size() < profiles.size()) figure.subtitle += fmt::format("; {} of {} configurations", shown.size(), profiles.size());
    figure.caption =
        "Performance profiles of Dolan and Moré (2002): on the left, how often each is the fastest; on the right, how often it gets there at all.";
    figure.panel_height = 300;
    Panel panel{.x = axis_over("times the fastest's epochs", {1, end}, true), .y = {.label = "share of seeds", .min = 0, .max = 1.03}};
    panel.x.min = 1, panel.x.max = end;
    set_tics(panel.x);
    set_tics(panel.y);
    for (std::size_t i = 0; i < shown.size(); ++i) {
        panel.series.push_back(staircase(profiles[shown[i]], end, i));
        figure.legend.push_back({shortened(label_of(results.plan, shown[i]), 40), palette[i % palette.size()], dash_of(i)});
    }
    figure.panels.push_back(std::move(panel));
    return {figure};
}

std::vector<Figure> regret_figures(const Results& results, const Analysis& analysis) {
    std::vector<Figure> figures;
    for (const Regret& regret : analysis.regrets)
        if (regret.axes.size() <= most_shapes && costs_anything(regret)) figures.push_back(regret_figure(results, analysis, regret));
    return figures;
}

}  // namespace etude
