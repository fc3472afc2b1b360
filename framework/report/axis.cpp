#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/rounded.hpp"
#include "base/text.hpp"
#include "report/plot.hpp"

namespace etude {
namespace {

std::optional<int> power_of_ten(double value) {
    if (!(value > 0) || !std::isfinite(value)) return std::nullopt;
    const int exponent = static_cast<int>(std::lround(std::log10(value)));
    return std::abs(value / std::pow(10.0, exponent) - 1) < 1e-9 ? std::optional(exponent) : std::nullopt;
}

std::string power_text(int exponent) {
    static const std::array<std::string, 10> digits{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    std::string power = exponent < 0 ? "⁻" : "";
    for (const char digit : std::to_string(std::abs(exponent))) power += digits[static_cast<std::size_t>(digit - '0')];
    return "10" + power;
}

/// Every decade, or every second, third... so that at most eight stand there; for less than two decades also 2 and 5 of each.
std::vector<double> log_places(double min, double max) {
    std::vector<double> places;
    const int first = static_cast<int>(std::ceil(std::log10(min) - 1e-9)), last = static_cast<int>(std::floor(std::log10(max) + 1e-9));
    if (last - first >= 2) {
        const int step = std::max(1, (last - first + 7) / 8);
        for (int exponent = first; exponent <= last; exponent += step) places.push_back(std::pow(10.0, exponent));
        return places;
    }
    for (int exponent = first - 1; exponent <= last; ++exponent) {
        for (const double digit : {1.0, 2.0, 5.0}) {
            const double at = digit * std::pow(10.0, exponent);
            if (at >= min * (1 - 1e-9) && at <= max * (1 + 1e-9)) places.push_back(at);
        }
    }
    return places;
}

/// About five round numbers within the range.
std::vector<double> linear_places(double min, double max) {
    const double rough = (max - min) / 6, magnitude = std::pow(10.0, std::floor(std::log10(rough)));
    double step = 10 * magnitude;
    for (const double digit : {5.0, 2.5, 2.0, 1.0})
        if (digit * magnitude >= rough * 0.999) step = digit * magnitude;
    std::vector<double> places;
    for (double i = std::ceil(min / step - 1e-9); i * step <= max + 1e-9 * step; ++i) places.push_back(i * step);
    return places;
}

std::vector<double> finite(const std::vector<double>& values, bool positive) {
    std::vector<double> kept;
    std::ranges::copy_if(values, std::back_inserter(kept), [&](double v) { return std::isfinite(v) && (!positive || v > 0); });
    return kept;
}

}  // namespace

Axis axis_over(std::string label, const std::vector<double>& values, bool log) {
    Axis axis{.label = std::move(label), .min = log ? 0.1 : 0.0, .max = 1, .log = log};
    const auto kept = finite(values, log);
    if (!kept.empty()) {
        const auto [low, high] = std::ranges::minmax(kept);
        if (log) {
            const double air = std::max(0.05 * std::log10(high / low), 0.1);
            axis.min = low * std::pow(10, -air), axis.max = high * std::pow(10, air);
        } else {
            const double air = high > low ? 0.05 * (high - low) : std::max(0.1 * std::abs(high), 1e-6);
            axis.min = low - air, axis.max = high + air;
        }
    }
    set_tics(axis);
    return axis;
}

void set_tics(Axis& axis) {
    const auto places = axis.log ? log_places(axis.min, axis.max) : linear_places(axis.min, axis.max);
    const auto texts = tic_texts(places);
    axis.tics.clear();
    for (std::size_t i = 0; i < places.size(); ++i) axis.tics.emplace_back(places[i], texts[i]);
}

Axis epoch_axis(double last, bool from_zero) {
    constexpr double few = 12, most_tics = 7;
    const bool is_long = last > few;
    Axis axis{.label = "epoch", .min = is_long || from_zero ? 0 : 0.8, .max = is_long ? last : last + 0.2};
    double step = 1;
    for (int i = 0; is_long && last / step > most_tics; ++i) step *= i % 3 == 1 ? 2.5 : 2;  // 1, 2, 5, 10, and so on
    for (double epoch = std::ceil(axis.min / step) * step; epoch <= axis.max; epoch += step) axis.tics.emplace_back(epoch, rounded(epoch));
    return axis;
}

std::vector<std::string> tic_texts(const std::vector<double>& values) {
    const bool powers = std::ranges::all_of(values, [](double v) { return power_of_ten(v).has_value(); }) &&
                        std::ranges::any_of(values, [](double v) { return v < 0.0009 || v > 1100; });
    std::vector<std::string> texts;
    for (const double value : values) texts.push_back(powers ? power_text(*power_of_ten(value)) : rounded(value == 0 ? 0.0 : value));
    return texts;
}

bool spans(const std::vector<double>& values, double factor) {
    const auto kept = finite(values, true);
    if (kept.empty()) return false;
    const auto [low, high] = std::ranges::minmax(kept);
    return high >= low * factor;
}

std::string shortened(const std::string& text, std::size_t columns) {
    if (display_width(text) <= columns) return text;
    std::string cut = text;
    while (!cut.empty() && display_width(cut) + 1 > columns) {
        while (cut.size() > 1 && (static_cast<unsigned char>(cut.back()) & 0xC0) == 0x80) cut.pop_back();  // a character's last bytes
        cut.pop_back();
    }
    return cut + "…";
}

std::uint32_t tint(const std::string& color, double share) {
    std::uint32_t rgb = 0, mixed = 0;
    std::from_chars(color.data() + 1, color.data() + color.size(), rgb, 16);
    for (const unsigned shift : {16U, 8U, 0U}) {
        const double channel = share * ((rgb >> shift) & 255U) + (1 - share) * 255;
        mixed |= static_cast<std::uint32_t>(std::lround(channel)) << shift;
    }
    return mixed;
}

}  // namespace etude
