// framework/report/plot.hpp - figures as values: panels of series over axes. draw() turns them into SVG with gnuplot; nothing else in the
// framework knows it.
//
// Lengths are pixels of the SVG. Colours are "#rrggbb"; the palette is Okabe and Ito's (2008), which the colour-blind can tell apart.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace etude {

inline const std::array<std::string, 8> palette{"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D31", "#7F7F7F"};

/// Numbers drawn in one way. A point that is not finite is left out and breaks a line.
struct Series {
    enum class Form {
        line,
        line_and_points,  ///< for a handful of points
        dots,             ///< small, transparent
        samples,          ///< small, opaque
        band,             ///< between low and high over x
        interval_y,       ///< a point with low to high, upright
        interval_x,       ///< a point with low to high, lying
        bars,             ///< boxes from 0 to y
        words,            ///< `texts`, centred at the points
    } form = Form::line;
    std::vector<double> x{}, y{}, low{}, high{};
    std::vector<std::string> texts{};
    std::string color = palette[0];
    int dash = 1;          ///< gnuplot's dash type, 1 is solid
    double width = 1.6;
    bool faint = false;
};

struct Axis {
    std::string label{};
    double min = 0, max = 1;
    bool log = false;
    std::vector<std::pair<double, std::string>> tics{};
    bool reversed = false;
};

/// Colours of a grid of cells, row 0 at the bottom.
struct Raster {
    std::size_t columns = 0, rows = 0;
    std::vector<std::uint32_t> colors{};  ///< [rows, columns], 0xRRGGBB
    bool sharp = false;                   ///< cells as rectangles, for a handful of them; else one picture
};

struct Panel {
    std::string title{};
    Axis x{}, y{};
    std::vector<Series> series{};
    Raster raster{};  ///< drawn first, over the whole panel
};

struct LegendEntry {
    std::string text{}, color{};
    int dash = 1;
    bool point = false;
};

struct Figure {
    std::string name{};      ///< of the file, without .svg
    std::string title;
    std::string subtitle{};  ///< what the marks mean
    std::string caption{};   ///< for the page: a sentence or two
    std::vector<LegendEntry> legend{};
    std::vector<Panel> panels{};  ///< row by row; with several, axes are shared: inner tick labels are left out
    std::size_t columns = 2;
    double width = 800, panel_height = 130;
    bool share_axes = true;
};

/// One SVG for each figure, in a run of gnuplot for each processor (four at most). Throws Error when gnuplot is not there or fails.
std::vector<std::string> draw(const std::vector<Figure>& figures);

/// A range around the finite values with some air; log: from the smallest positive one. {0, 1} or {0.1, 1} when there is none.
Axis axis_over(std::string label, const std::vector<double>& values, bool log);
/// Over epochs to the `last`, from 0 where something is drawn before the first ends; tics at whole numbers.
Axis epoch_axis(double last, bool from_zero);
/// True when the positive values span at least `factor`.
bool spans(const std::vector<double>& values, double factor);
/// Round places over the axis' range: some five, or the decades.
void set_tics(Axis& axis);
/// Numbers as labels of one axis: powers of ten as such when they all are and one is beyond 0.001 to 1000.
std::vector<std::string> tic_texts(const std::vector<double>& values);
/// At most `columns` terminal columns wide, ending in "…" when cut.
std::string shortened(const std::string& text, std::size_t columns);
/// A colour mixed with white: `share` of the colour.
std::uint32_t tint(const std::string& color, double share);

}  // namespace etude
