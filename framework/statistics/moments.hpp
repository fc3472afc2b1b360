// framework/statistics/moments.hpp - what a table says about the seeds of one configuration.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace etude {

struct Interval95 {
    double low = 0, high = 0;
    bool operator==(const Interval95&) const = default;
};

/// Of n numbers. Nothing is known of the spread of one number, and of nothing not even the mean.
struct Statistics {
    std::size_t n = 0;
    std::optional<double> mean, std, sem;  ///< std with n - 1
    std::optional<Interval95> interval;    ///< of the mean: Student's, 95 %; equal bounds when all numbers are equal
    bool operator==(const Statistics&) const = default;
};
Statistics statistics_of(std::span<const double> values);

/// Of at least one number; of equal numbers it is that number to the last bit.
double mean_of(std::span<const double> values);

/// Quantile of Student's distribution that leaves 2.5 % above it.
double student_975(std::size_t degrees_of_freedom);

/// Place of each number in the order, 1 for the best; equal numbers share a place and the next one counts them all (1, 1, 3).
/// A missing number or NaN has no place.
std::vector<std::optional<std::size_t>> ranks_of(std::span<const std::optional<double>> values, bool maximize);

}  // namespace etude
