#include "cli/gallery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/rounded.hpp"
#include "base/text.hpp"
#include "cli/rate_preview.hpp"
#include "report/svg.hpp"

namespace etude::cli {
namespace {

// Pixels.
constexpr std::size_t per_row = 4;
constexpr double width = 200, height = 132, head = 42;        // of a panel with its margins, and above all of them
constexpr double left = 34, top = 24, plot_width = 156, plot_height = 84;

constexpr const char* style = R"css(
.name { font-weight: 600; font-size: 12.5px; fill: #768390 } .tick { font-size: 9px; fill: #6e7781 } .note { font-size: 11px; fill: #6e7781 }
.axes { fill: none; stroke: #8c959f; stroke-opacity: 0.7 } .rate { fill: none; stroke: #1f7fc4; stroke-width: 1.6; stroke-linejoin: round }
@media (prefers-color-scheme: dark) { .name { fill: #d0d7de } .tick, .note { fill: #9aa4af } .rate { stroke: #6cb6e8 } }
)css";

using Point = std::pair<double, double>;

/// The least and the greatest of each half pixel, in order: the same picture as all updates.
std::vector<Point> thinned(const std::vector<double>& rates, double highest) {
    const auto bins = static_cast<std::size_t>(2 * plot_width);
    std::vector<Point> points;
    const auto add = [&](std::size_t update) {
        const double x = plot_width * static_cast<double>(update) / static_cast<double>(rates.size() - 1),
                     y = plot_height * (1.0 - rates[update] / highest);
        const Point point{std::round(10 * x) / 10, std::round(10 * y) / 10};
        if (!points.empty() && points.back() == point) return;
        const std::size_t n = points.size();
        const bool is_level = n >= 2 && points[n - 1].second == point.second && points[n - 2].second == point.second;
        if (is_level) points.back() = point;
        else points.push_back(point);
    };
    for (std::size_t bin = 0; bin < bins; ++bin) {
        const std::size_t begin = bin * rates.size() / bins, end = (bin + 1) * rates.size() / bins;
        const auto [low, high] = std::minmax_element(rates.begin() + static_cast<std::ptrdiff_t>(begin),
                                                     rates.begin() + static_cast<std::ptrdiff_t>(end));
        const auto a = static_cast<std::size_t>(low - rates.begin()), b = static_cast<std::size_t>(high - rates.begin());
        add(std::min(a, b));
        add(std::max(a, b));
    }
    add(rates.size() - 1);
    return points;
}

std::string panel(const RatePreview& preview, const std::string& name, double x, double y) {
    const double greatest = std::ranges::max(preview.rates), highest = greatest > 0 ? greatest : 1, air = 1.06;
    std::string line;
    for (const auto& [px, py] : thinned(preview.rates, air * highest))
        line += fmt::format("{}{},{}", line.empty() ? "" : " ", number(px), number(py));
    std::string text = fmt::format("<g transform=\"translate({},{})\">\n<title>{}</title>\n", x + left, y + top, html_text(preview.spec));
    text += fmt::format("<path class=\"axes\" d=\"M0,0 V{} H{}\"/>\n", plot_height, plot_width);
    text += fmt::format("<text class=\"name\" y=\"-7\">{}{}</text>\n", html_text(name), preview.observes ? " *" : "");
    text += fmt::format("<text class=\"tick\" x=\"-4\" y=\"9\" text-anchor=\"end\">{}</text>\n", rounded(highest));
    text += fmt::format("<text class=\"tick\" x=\"-4\" y=\"{}\" text-anchor=\"end\">0</text>\n", plot_height);
    return text + fmt::format("<polyline class=\"rate\" points=\"{}\"/>\n</g>\n", line);
}

}  // namespace

std::string gallery_svg(Registry& registry) {
    const std::vector<const Plugin*> schedules = registry.all(PluginKind::schedule);
    const std::size_t rows = (schedules.size() + per_row - 1) / per_row;
    const double w = width * per_row, h = head + height * static_cast<double>(rows) + 8;
    std::string text = fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
                                   "font-family=\"{2}\">\n", w, h, font_family);
    text += fmt::format("<title>Every schedule over one run</title>\n<style>{}</style>\n", style);
    text += fmt::format("<text class=\"note\" x=\"{0}\" y=\"16\">The rate over 100 epochs of 100 updates at base rate 1, each on a scale of its own "
                        "from 0.</text>\n"
                        "<text class=\"note\" x=\"{0}\" y=\"32\">* watches the run: here a loss that falls until epoch 40 and then stays.</text>\n",
                        left);
    for (std::size_t i = 0; i < schedules.size(); ++i) {
        const std::string& name = schedules[i]->description.name;
        try {
            text += panel(preview_rates(*schedules[i], registry), name, width * static_cast<double>(i % per_row),
                          head + height * static_cast<double>(i / per_row));
        } catch (const Error& error) {
            throw Error(fmt::format("{}: {}", name, error.what()), error.hint());
        }
    }
    return text + "</svg>\n";
}

}  // namespace etude::cli
