// From losses to rates: smooth, find the divergence, trim, ask each rule.
#include "train/range_test.hpp"

#include <algorithm>
#include <cmath>

namespace etude {
namespace {

constexpr std::size_t last_left_out = 5;   // as fastai does
constexpr double fall_that_counts = 0.1;   // of the loss at the start
constexpr double deviations = 4;           // and of the smoothed curve's own noise: what hundreds of points reach by chance
constexpr std::size_t slide_width = 15;
constexpr double slide_difference = 0.005;

const std::array<std::string, 2> ramp_words{"exponential", "linear"};  // in the order of Ramp

double mean(std::span<const float> values) {
    double sum = 0;
    for (const float value : values) sum += value;
    return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

/// What must be fallen below: `start` less the noise of a smoothed curve over losses that scatter as the first ones do (their variance from
/// successive differences, which no trend adds to: von Neumann 1941).
double fall_line(std::span<const float> first, double start, double smoothing) {
    double squares = 0;
    for (std::size_t i = 1; i < first.size(); ++i) squares += std::pow(static_cast<double>(first[i]) - static_cast<double>(first[i - 1]), 2);
    const double variance = first.size() > 1 ? squares / (2 * static_cast<double>(first.size() - 1)) : 0;
    const double noise = std::sqrt(variance * (1 - smoothing) / (1 + smoothing));
    return start - std::max(fall_that_counts * start, deviations * noise);
}

/// What the rules may see: [first, last).
struct Window {
    std::size_t first = 0, last = 0;
    bool is_enough() const { return last >= first + 3; }
};

Window window_of(const RangeTestSpec& spec, std::size_t usable) {
    const std::size_t first = static_cast<std::size_t>(spec.updates) / 10;
    return {first, usable > last_left_out ? usable - last_left_out : 0};
}

std::vector<double> gradient(std::span<const double> y) {
    const std::size_t n = y.size();
    std::vector<double> slope(n);
    slope[0] = y[1] - y[0];
    slope[n - 1] = y[n - 1] - y[n - 2];
    for (std::size_t i = 1; i + 1 < n; ++i) slope[i] = (y[i + 1] - y[i - 1]) / 2;
    return slope;
}

/// Of sorted rates, interpolated between their logarithms.
double log_quantile(const std::vector<double>& sorted, double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const double rest = place - static_cast<double>(below);
    if (rest == 0) return sorted[below];
    return sorted[below] * std::pow(sorted[below + 1] / sorted[below], rest);
}

}  // namespace

const Schema& range_test_schema() {
    static const Schema schema{
        real("from", 1e-6, above(0), "Rate of the first update."),
        real("to", 10, above(0), "Rate of the last update, above `from`."),
        integer("updates", 300, closed(20, 1e6), "Updates of a test; it ends earlier when the loss diverges."),
        choice("ramp", ramp_words[0], {ramp_words.begin(), ramp_words.end()}, "How the rate rises from update to update."),
        real("smoothing", 0.9, right_open(0, 1), "What each smoothed loss keeps of the one before it; 0 smooths nothing."),
        real("stop_at", 4, above(1), "Diverged when the smoothed loss exceeds so many times its lowest."),
    };
    return schema;
}

RangeTestSpec range_test_of(const Values& values) {
    return {.from = values.real("from"), .to = values.real("to"), .updates = static_cast<std::uint64_t>(values.integer("updates")),
            .ramp = values.word("ramp") == ramp_words[0] ? RangeTestSpec::Ramp::exponential : RangeTestSpec::Ramp::linear,
            .smoothing = values.real("smoothing"), .stop_at = values.real("stop_at")};
}

const std::string& word(RangeTestSpec::Ramp ramp) { return ramp_words[static_cast<std::size_t>(ramp)]; }

double range_rate(const RangeTestSpec& spec, std::uint64_t update) {
    if (update == 0) return spec.from;
    if (update + 1 >= spec.updates) return spec.to;
    const double q = static_cast<double>(update) / static_cast<double>(spec.updates - 1);
    return spec.ramp == RangeTestSpec::Ramp::linear ? spec.from + (spec.to - spec.from) * q : spec.from * std::pow(spec.to / spec.from, q);
}

bool RangeWatch::add(float loss) {
    average_ = spec_.smoothing * average_ + (1 - spec_.smoothing) * static_cast<double>(loss);
    rest_ *= spec_.smoothing;
    smoothed_ = average_ / (1 - rest_);
    if (!std::isfinite(loss)) return true;
    lowest_ = std::min(lowest_, smoothed_);
    return smoothed_ > spec_.stop_at * lowest_;
}

const std::array<std::string, range_rule_count>& range_rule_words() {
    static const std::array<std::string, range_rule_count> words{"steepest", "valley", "minimum", "slide", "divergence"};
    return words;
}

const std::vector<std::string>& range_metrics() {
    static const std::vector<std::string> metrics = [] {
        std::vector<std::string> all(range_rule_words().begin(), range_rule_words().end());
        all.emplace_back("divergence_rate");
        return all;
    }();
    return metrics;
}

std::optional<std::size_t> steepest_place(std::span<const double> rates, std::span<const double> losses) {
    std::optional<std::size_t> place;
    double lowest = 0;
    for (std::size_t i = 0; i + 1 < losses.size(); ++i) {
        const double slope = (losses[i + 1] - losses[i]) / (std::log(rates[i + 1]) - std::log(rates[i]));
        if (slope < lowest) lowest = slope, place = i;
    }
    return place;
}

std::optional<std::size_t> valley_place(std::span<const double> losses) {
    if (losses.empty()) return std::nullopt;
    std::vector<std::size_t> length(losses.size(), 1);  // of the longest falling subsequence that ends here
    for (std::size_t i = 1; i < losses.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (losses[i] < losses[j]) length[i] = std::max(length[i], length[j] + 1);
    const auto longest = std::ranges::max_element(length);
    if (*longest < 2) return std::nullopt;
    // fastai takes the length for a distance in places, although the subsequence has gaps: so the place lies to the right of its true middle.
    const auto end = static_cast<std::size_t>(longest - length.begin());
    const std::size_t start = end >= *longest ? end - *longest : 0;
    const double third = static_cast<double>(*longest) / 3;
    return std::min(start + static_cast<std::size_t>(third) + static_cast<std::size_t>(third / 2), losses.size() - 1);
}

std::optional<std::size_t> minimum_place(std::span<const double> losses) {
    if (losses.empty()) return std::nullopt;
    return static_cast<std::size_t>(std::ranges::min_element(losses) - losses.begin());
}

std::optional<std::size_t> slide_place(std::span<const double> losses) {
    const std::size_t n = losses.size();
    if (n < slide_width + 1) return std::nullopt;
    const std::vector<double> slope = gradient(losses);
    std::optional<std::size_t> place;
    for (std::size_t right = n - 1; right >= slide_width; --right) {
        const std::size_t left = right - slide_width;
        if (!(std::abs(slope[right] - slope[left]) > slide_difference)) break;
        place = left;
    }
    return place;
}

std::optional<RateSpread> spread_of(std::vector<double> rates) {
    if (rates.empty()) return std::nullopt;
    std::ranges::sort(rates);
    return RateSpread{rates.size(), log_quantile(rates, 0.5), log_quantile(rates, 0.25), log_quantile(rates, 0.75), rates.front(), rates.back()};
}

RangeAnalysis analyse_range(const RangeTestSpec& spec, std::span<const float> losses) {
    RangeAnalysis result;
    RangeWatch watch(spec);
    for (const float loss : losses) {
        const bool diverged = watch.add(loss);
        if (diverged && !result.diverged_at) result.diverged_at = result.smoothed.size();
        result.smoothed.push_back(watch.smoothed());
    }
    if (result.diverged_at) {
        result.divergence_rate = range_rate(spec, *result.diverged_at);
        result.suggestions[static_cast<std::size_t>(RangeRule::divergence)] = *result.divergence_rate / 10;
    }
    const std::size_t usable = result.diverged_at.value_or(losses.size());
    const Window window = window_of(spec, usable);
    const std::span<const float> before = losses.first(std::min(usable, std::max<std::size_t>(1, window.first)));
    result.start = mean(before);
    if (!window.is_enough()) return result;

    const std::span<const double> seen = std::span(result.smoothed).subspan(window.first, window.last - window.first);
    result.falls = std::ranges::min(seen) < fall_line(before, result.start, spec.smoothing);
    if (!result.falls) return result;
    std::vector<double> rates;
    for (std::size_t i = window.first; i < window.last; ++i) rates.push_back(range_rate(spec, i));
    const auto suggest = [&](RangeRule rule, const std::optional<std::size_t>& place, double divisor) {
        if (place) result.suggestions[static_cast<std::size_t>(rule)] = rates[*place] / divisor;
    };
    // Behind the lowest point the loss falls only where it recovers from a spike.
    const std::optional<std::size_t> lowest = minimum_place(seen);
    suggest(RangeRule::steepest, steepest_place(std::span(rates).first(*lowest + 1), seen.first(*lowest + 1)), 1);
    suggest(RangeRule::valley, valley_place(seen), 1);
    suggest(RangeRule::minimum, lowest, 10);
    suggest(RangeRule::slide, slide_place(seen), 1);
    return result;
}

}  // namespace etude
