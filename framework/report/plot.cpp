#include "report/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <future>
#include <iterator>
#include <thread>

#include "base/text.hpp"
#include "report/gnuplot.hpp"
#include "report/svg.hpp"

namespace etude {
namespace {

constexpr double character = 7.6;     // width of a terminal column in pixels at the labels' size, rounded up
constexpr double panel_title = 22, gap = 36, right = 20, bottom = 54, legend_line = 20, heading = 14;
constexpr std::size_t most_runs = 4;  // of gnuplot at once

/// Where everything of a figure lies. y counts downwards, as in SVG; gnuplot gets shares of the canvas, from the bottom.
struct Layout {
    explicit Layout(const Figure& f) : figure(f), columns(std::max<std::size_t>(1, std::min(f.columns, f.panels.size()))) {
        rows = (f.panels.size() + columns - 1) / columns;
        place_legend();
        std::size_t widest = 0;
        for (const Panel& panel : f.panels)
            for (const auto& tic : panel.y.tics) widest = std::max(widest, display_width(tic.second));
        left = 42 + 7.8 * static_cast<double>(widest);
        inner_gap = f.share_axes ? gap : left + 4;
        row_gap = f.share_axes ? 8 : bottom;
        panel_width = (f.width - left - right - inner_gap * static_cast<double>(columns - 1)) / static_cast<double>(columns);
        row_height = (with_titles() ? panel_title : 4) + f.panel_height + row_gap;
        height = top + static_cast<double>(rows) * row_height - row_gap + bottom;
    }
    bool with_titles() const { return std::ranges::any_of(figure.panels, [](const Panel& p) { return !p.title.empty(); }); }
    double x(double pixels) const { return pixels / figure.width; }
    double y(double pixels) const { return 1 - pixels / height; }
    std::size_t panel_columns() const { return static_cast<std::size_t>(panel_width / character); }

    void place_legend() {
        double at = heading, line = figure.subtitle.empty() ? 46 : 66;
        top = line - 8;
        for (const LegendEntry& entry : figure.legend) {
            const double width = 34 + character * static_cast<double>(display_width(entry.text)) + 14;
            if (at > heading && at + width > figure.width - right) at = heading, line += legend_line;
            legend.emplace_back(at, line);
            at += width;
            top = line + 8;
        }
    }

    const Figure& figure;
    std::size_t columns, rows = 0;
    double top = 0, left = 0, height = 0, inner_gap = 0, row_gap = 0, panel_width = 0, row_height = 0;
    std::vector<std::pair<double, double>> legend;  ///< start of each entry's mark, and its middle
};

std::string real(double value) { return std::isfinite(value) ? fmt::format("{:.7g}", value) : "NaN"; }

/// gnuplot writes a colour's transparency in front.
std::string color(const std::string& rgb, bool faint) { return "'#" + std::string(faint ? "A0" : "00") + rgb.substr(1) + "'"; }

std::string label(const Layout& layout, const std::string& text, double x, double y, const std::string& more) {
    return fmt::format("set label {} at screen {:.5f},{:.5f} {}\n", gnuplot_text(text), layout.x(x), layout.y(y), more);
}

/// The columns of each form, in the order gnuplot wants them.
std::string data_block(const std::string& name, const Series& s) {
    std::string block = "$" + name + " << EOD\n";
    for (std::size_t i = 0; i < s.x.size(); ++i) {
        fmt::format_to(std::back_inserter(block), "{}", real(s.x[i]));
        if (s.form != Series::Form::band) fmt::format_to(std::back_inserter(block), " {}", real(s.y[i]));
        if (!s.low.empty()) fmt::format_to(std::back_inserter(block), " {} {}", real(s.low[i]), real(s.high[i]));
        if (!s.texts.empty()) block += " \"" + s.texts[i] + "\"";
        block += '\n';
    }
    return block + "EOD\n";
}

std::string plot_part(const std::string& name, const Series& s) {
    const std::string data = "$" + name + " using ", opaque = color(s.color, false), shade = color(s.color, s.faint);
    switch (s.form) {
        case Series::Form::line: return fmt::format("{}1:2 with lines lw {} dt {} lc rgb {}", data, s.width, s.dash, shade);
        case Series::Form::line_and_points:
            return fmt::format("{}1:2 with linespoints lw {} dt {} pt 7 ps 0.4 lc rgb {}", data, s.width, s.dash, shade);
        case Series::Form::dots: return fmt::format("{}1:2 with points pt 7 ps 0.35 lc rgb {}", data, color(s.color, true));
        case Series::Form::samples: return fmt::format("{}1:2 with points pt 7 ps 0.32 lc rgb {}", data, opaque);
        case Series::Form::band: return fmt::format("{}1:2:3 with filledcurves fs transparent solid 0.2 noborder fc rgb {}", data, opaque);
        // Not error bars: gnuplot puts their points on white discs that hide short intervals.
        case Series::Form::interval_y:
            return fmt::format("{0}1:3:(0):($4-$3) with vectors nohead lw 2 lc rgb {1}, {0}1:2 with points pt 7 ps 0.6 lc rgb {1}", data, opaque);
        case Series::Form::interval_x:
            return fmt::format("{0}3:2:($4-$3):(0) with vectors nohead lw 2 lc rgb {1}, {0}1:2 with points pt 7 ps 0.6 lc rgb {1}", data, opaque);
        case Series::Form::bars: return fmt::format("{}1:2 with boxes fs solid 0.8 noborder fc rgb {}", data, opaque);
        case Series::Form::words: return fmt::format("{}1:2:3 with labels center font ',10' textcolor rgb {}", data, opaque);
    }
    return {};
}

std::string raster_block(const std::string& name, const Panel& panel) {
    const Raster& raster = panel.raster;
    const double dx = (panel.x.max - panel.x.min) / static_cast<double>(raster.columns);
    const double dy = (panel.y.max - panel.y.min) / static_cast<double>(raster.rows);
    std::string block = "$" + name + " << EOD\n";
    for (std::size_t i = 0; i < raster.colors.size(); ++i) {
        const auto column = static_cast<double>(i % raster.columns), row = static_cast<double>(i / raster.columns);
        block += fmt::format("{} {} {}\n", real(panel.x.min + (column + 0.5) * dx), real(panel.y.min + (row + 0.5) * dy), raster.colors[i]);
    }
    return block + "EOD\n";
}

std::string axis_commands(const std::string& which, const Axis& axis, bool with_numbers) {
    std::string text = axis.log ? "set logscale " + which + "\n" : "unset logscale " + which + "\n";
    text += fmt::format("set {}range [{}:{}]\n", which, real(axis.reversed ? axis.max : axis.min), real(axis.reversed ? axis.min : axis.max));
    text += fmt::format("set format {} {}\n", which, with_numbers ? "'%g'" : "''");
    std::vector<std::string> parts;
    for (const auto& [at, words] : axis.tics) parts.push_back(fmt::format("{} {:.12g}", with_numbers ? gnuplot_text(words) : "''", at));
    return text + fmt::format("set {}tics nomirror out scale 0.5 textcolor rgb 'black' ({})\n", which, join(parts, ", "));
}

std::string panel_commands(const Layout& layout, std::size_t index, const std::string& prefix) {
    const Figure& figure = layout.figure;
    const Panel& panel = figure.panels[index];
    const std::size_t row = index / layout.columns, column = index % layout.columns;
    const double left = layout.left + static_cast<double>(column) * (layout.panel_width + layout.inner_gap);
    const double upper = layout.top + static_cast<double>(row) * layout.row_height + (layout.with_titles() ? panel_title : 4);
    const bool lowest = index + layout.columns >= figure.panels.size();
    const bool x_numbers = lowest || !figure.share_axes, y_numbers = column == 0 || !figure.share_axes;
    std::string text = fmt::format("set lmargin at screen {:.5f}; set rmargin at screen {:.5f}\n", layout.x(left),
                                   layout.x(left + layout.panel_width));
    text += fmt::format("set tmargin at screen {:.5f}; set bmargin at screen {:.5f}\n", layout.y(upper), layout.y(upper + figure.panel_height));
    text += axis_commands("x", panel.x, x_numbers) + axis_commands("y", panel.y, y_numbers);
    text += "unset label\n";
    if (!panel.title.empty()) text += label(layout, shortened(panel.title, layout.panel_columns()), left, upper - 9, "left font ',13'");
    if (x_numbers) text += label(layout, panel.x.label, left + layout.panel_width / 2, upper + figure.panel_height + 42, "center");
    if (y_numbers && !panel.y.label.empty())
        text += label(layout, panel.y.label, left - layout.left + 12, upper + figure.panel_height / 2, "center rotate by 90");
    std::string blocks;
    std::vector<std::string> parts;
    if (!panel.raster.colors.empty()) {
        blocks += raster_block(prefix + "_raster", panel);
        parts.push_back("$" + prefix + "_raster using 1:2:3 with rgbimage" + (panel.raster.sharp ? " pixels" : ""));
    }
    for (std::size_t i = 0; i < panel.series.size(); ++i) {
        if (panel.series[i].x.empty()) continue;
        const std::string name = prefix + "_" + std::to_string(i);
        blocks += data_block(name, panel.series[i]);
        parts.push_back(plot_part(name, panel.series[i]));
    }
    if (parts.empty()) parts.emplace_back("NaN");
    return blocks + text + "plot " + join(parts, ", ") + "\n";
}

std::string heading_commands(const Layout& layout) {
    const Figure& figure = layout.figure;
    const auto fitting = static_cast<std::size_t>((figure.width - heading - right) / character);
    std::string text = "unset label\nunset arrow\n";
    text += label(layout, shortened(figure.title, fitting * 7 / 9), heading, 20, "left font '" + font_placeholder + ":Bold,15'");
    if (!figure.subtitle.empty()) text += label(layout, shortened(figure.subtitle, fitting * 5 / 4), heading, 42, "left font ',12'");
    for (std::size_t i = 0; i < figure.legend.size(); ++i) {
        const LegendEntry& entry = figure.legend[i];
        const auto [x, y] = layout.legend[i];
        text += label(layout, entry.text, x + 32, y, "left");
        if (entry.point)
            text += label(layout, "", x + 18, y, "point pt 7 ps 0.6 lc rgb " + color(entry.color, false));
        else
            text += fmt::format("set arrow from screen {:.5f},{:.5f} to screen {:.5f},{:.5f} nohead lw 2 dt {} lc rgb {}\n", layout.x(x), layout.y(y),
                                layout.x(x + 26), layout.y(y), entry.dash, color(entry.color, false));
    }
    // An empty plot over the whole canvas carries the labels; it has neither border nor axes.
    text += "unset border; unset tics; unset grid; unset logscale; set xrange [0:1]; set yrange [0:1]\n";
    text += "set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0\nplot NaN\n";
    return text + "unset arrow\nset border 3 lc rgb '#808080' lw 1\nset grid lc rgb '#B0808080' lw 0.6 dt 1\n";
}

std::string figure_script(const Figure& figure, std::size_t place, const std::string& output) {
    const Layout layout(figure);
    std::string script = "reset\nset encoding utf8\nset key off\nset style fill solid\n";
    script += fmt::format("set terminal svg size {:.0f},{:.0f} font '{},13' noenhanced background '#ffffff' standalone\n", figure.width,
                          layout.height, font_placeholder);
    script += "set output " + gnuplot_text(output) + "\nset multiplot\n" + heading_commands(layout);
    for (std::size_t i = 0; i < figure.panels.size(); ++i) script += panel_commands(layout, i, fmt::format("f{}_{}", place, i));
    return script + "unset multiplot\nset output\n";
}

/// The figures that one run of gnuplot draws.
struct Run {
    std::string script;
    std::vector<std::size_t> places;
    std::vector<std::string> outputs;
};

/// As many runs as there are processors, up to `most_runs`, with about as much to draw each.
std::vector<Run> shared_out(const std::vector<Figure>& figures) {
    const std::size_t processors = std::max(1U, std::thread::hardware_concurrency());
    std::vector<Run> runs(std::min({processors, most_runs, figures.size()}));
    for (std::size_t i = 0; i < figures.size(); ++i) {
        Run& lightest = *std::ranges::min_element(runs, {}, [](const Run& run) { return run.script.size(); });
        lightest.places.push_back(i);
        lightest.outputs.push_back(std::to_string(i) + ".svg");
        lightest.script += figure_script(figures[i], i, lightest.outputs.back());
    }
    return runs;
}

}  // namespace

std::vector<std::string> draw(const std::vector<Figure>& figures) {
    const std::vector<Run> runs = shared_out(figures);
    std::vector<std::string> svgs(figures.size());  // each run writes its own
    std::vector<std::future<void>> drawn;
    for (const Run& run : runs) {
        drawn.push_back(std::async(std::launch::async, [&run, &figures, &svgs] {
            const std::vector<std::string> outputs = run_gnuplot(run.script, run.outputs);
            for (std::size_t k = 0; k < outputs.size(); ++k) {
                const std::size_t place = run.places[k];
                svgs[place] = polished_svg(outputs[k], figures[place].title, figures[place].name);
            }
        }));
    }
    for (auto& run : drawn) run.get();
    return svgs;
}

}  // namespace etude
