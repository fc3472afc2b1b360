#include "report/contact_sheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "report/png.hpp"
#include "report/svg.hpp"

namespace etude {
namespace {

constexpr std::size_t per_class = 12, most_classes = 20, border = 2;  // border: pixels of the image between samples

/// Places in the training part of the first samples of each class.
std::vector<std::vector<std::uint32_t>> first_of_each_class(const Dataset& dataset) {
    std::vector<std::vector<std::uint32_t>> rows(std::clamp<std::size_t>(dataset.classes, 1, most_classes));
    std::size_t full = 0;
    for (std::uint32_t i = 0; i < dataset.train.count() && full < rows.size(); ++i) {
        const auto label = static_cast<std::size_t>(dataset.train.label(i));
        if (label >= rows.size() || rows[label].size() == per_class) continue;
        rows[label].push_back(i);
        if (rows[label].size() == per_class) ++full;
    }
    return rows;
}

/// Pixels as they are looked at: whatever the scale of the data, its darkest is black and its brightest white.
struct Tones {
    explicit Tones(const std::vector<float>& values) {
        if (values.empty()) return;
        const auto [low, high] = std::ranges::minmax(values);
        floor = low, span = high > low ? high - low : 1;
    }
    std::uint8_t operator()(float value) const { return static_cast<std::uint8_t>(std::clamp((value - floor) / span * 255 + 0.5F, 0.0F, 255.0F)); }
    float floor = 0, span = 1;
};

void paint(const Dataset& dataset, const std::vector<float>& values, std::size_t left, std::size_t top, Image& sheet) {
    const Tones tone(values);
    const SampleShape& shape = dataset.shape;
    for (std::size_t y = 0; y < shape.height; ++y) {
        for (std::size_t x = 0; x < shape.width; ++x) {
            for (std::size_t c = 0; c < 3; ++c) {
                const std::size_t channel = shape.channels >= 3 ? c : 0;
                sheet.pixels[((top + y) * sheet.width + left + x) * 3 + c] = tone(values[(channel * shape.height + y) * shape.width + x]);
            }
        }
    }
}

Image sheet_of(const Dataset& dataset, const std::vector<std::vector<std::uint32_t>>& rows) {
    const std::size_t cell_width = dataset.shape.width + border, cell_height = dataset.shape.height + border;
    Image sheet{per_class * cell_width, rows.size() * cell_height};
    sheet.pixels.assign(sheet.width * sheet.height * 3, 255);
    std::vector<float> sample(dataset.shape.size());
    for (std::size_t r = 0; r < rows.size(); ++r) {
        for (std::size_t i = 0; i < rows[r].size(); ++i) {
            dataset.train.gather({&rows[r][i], 1}, sample.data(), sample.size());
            paint(dataset, sample, i * cell_width, r * cell_height, sheet);
        }
    }
    return sheet;
}

std::string text_at(double x, double y, const std::string& style, const std::string& text) {
    return fmt::format("<text x=\"{}\" y=\"{}\" {}>{}</text>\n", x, y, style, html_text(text));
}

}  // namespace

std::string contact_sheet_svg(const Dataset& dataset) {
    const auto rows = first_of_each_class(dataset);
    const Image sheet = sheet_of(dataset, rows);
    const double left = 130, top = 64, width = 640;
    const double height = width * static_cast<double>(sheet.height) / static_cast<double>(sheet.width);
    std::string svg = fmt::format("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
                                  "xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"{0}\" height=\"{1:.0f}\" viewBox=\"0 0 {0} {1:.0f}\">\n",
                                  left + width + 20, top + height + 20);
    svg += "<title>" + html_text(dataset.name) + "</title>\n<rect x=\"0\" y=\"0\" width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
    svg += "<g font-family=\"" + font_family + "\" font-size=\"13\" fill=\"black\">\n";
    svg += text_at(20, 26, "font-size=\"15\" font-weight=\"bold\"", dataset.name);
    svg += text_at(20, 47, "font-size=\"12\"",
                   fmt::format("the first {} training images of each class; {} for training, {} for test", per_class, dataset.train.count(),
                               dataset.test.count()));
    for (std::size_t r = 0; r < rows.size(); ++r) {
        const std::string name = r < dataset.class_names.size() ? dataset.class_names[r] : std::to_string(r);
        svg += text_at(left - 12, top + (static_cast<double>(r) + 0.5) * height / static_cast<double>(rows.size()) + 4, "text-anchor=\"end\"", name);
    }
    svg += fmt::format("</g>\n<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{:.2f}\" style=\"image-rendering: pixelated\" "
                       "xlink:href=\"data:image/png;base64,{}\"/>\n</svg>\n",
                       left, top, width, height, base64(png_of(sheet)));
    return svg;
}

}  // namespace etude
