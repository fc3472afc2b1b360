// benchmarks/stopwatch.hpp - medians of repeated work.
#pragma once
#include <algorithm>
#include <chrono>
#include <vector>

namespace etude::bench {

/// Median seconds of one call of `work`, each measurement lasting at least some milliseconds.
template <class Work> double median_seconds(const Work& work, int measurements = 15) {
    using Clock = std::chrono::steady_clock;
    const auto seconds = [&](std::size_t calls) {
        const auto start = Clock::now();
        for (std::size_t i = 0; i < calls; ++i) work();
        return std::chrono::duration<double>(Clock::now() - start).count();
    };
    std::size_t calls = 1;
    while (seconds(calls) < 0.005) calls *= 2;  // warms up, too
    std::vector<double> times;
    for (int i = 0; i < measurements; ++i) times.push_back(seconds(calls) / static_cast<double>(calls));
    std::ranges::nth_element(times, times.begin() + measurements / 2);
    return times[static_cast<std::size_t>(measurements) / 2];
}

}  // namespace etude::bench
