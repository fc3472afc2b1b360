#include "statistics/moments.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace etude {

double mean_of(std::span<const double> values) {
    const double first = values.front();  // taken from the first number on, so that nothing of it is lost
    double rest = 0, sum = 0;
    for (const double value : values) rest += value - first, sum += value;
    const auto n = static_cast<double>(values.size());
    return std::isfinite(rest) ? first + rest / n : sum / n;
}

double student_975(std::size_t degrees_of_freedom) {
    return boost::math::quantile(boost::math::students_t(static_cast<double>(degrees_of_freedom)), 0.975);
}

Statistics statistics_of(std::span<const double> values) {
    Statistics s;
    s.n = values.size();
    if (values.empty()) return s;
    s.mean = mean_of(values);
    if (values.size() == 1) return s;
    const auto n = static_cast<double>(values.size());
    double squares = 0;
    for (const double value : values) squares += (value - *s.mean) * (value - *s.mean);
    s.std = std::sqrt(squares / (n - 1));
    s.sem = *s.std / std::sqrt(n);
    const double half = *s.sem * student_975(values.size() - 1);
    s.interval = Interval95{*s.mean - half, *s.mean + half};
    return s;
}

std::vector<std::optional<std::size_t>> ranks_of(std::span<const std::optional<double>> values, bool maximize) {
    std::vector<double> order;  // the best first
    for (const auto& value : values)
        if (value && !std::isnan(*value)) order.push_back(*value);
    const auto better = [&](double a, double b) { return maximize ? a > b : a < b; };
    std::ranges::sort(order, better);
    std::vector<std::optional<std::size_t>> ranks;
    for (const auto& value : values) {
        if (!value || std::isnan(*value)) ranks.emplace_back();
        else ranks.emplace_back(1 + (std::ranges::lower_bound(order, *value, better) - order.begin()));
    }
    return ranks;
}

}  // namespace etude
