// framework/wrappers/kernels.hpp - loops over weights, compiled for every instruction set as the steps of plugins are.
// The same bits from all of them.
#pragma once
#include <cstddef>

#include "base/isa.hpp"

namespace etude::detail {

// `flatten` inlines what is called, which so takes over the target of the function it stands in.
template <class Loop> void run_baseline(const Loop& loop) { loop(); }
#if defined(__x86_64__)
template <class Loop> __attribute__((target("arch=x86-64-v3"), flatten)) void run_v3(const Loop& loop) { loop(); }
template <class Loop> __attribute__((target("arch=x86-64-v4"), flatten)) void run_v4(const Loop& loop) { loop(); }
#endif

/// Calls `loop`, a function without arguments, in the version for `isa`.
template <class Loop> void run_for([[maybe_unused]] Isa isa, const Loop& loop) {
#if defined(__x86_64__)
    if (isa == Isa::v4) return run_v4(loop);
    if (isa == Isa::v3) return run_v3(loop);
#endif
    run_baseline(loop);
}

/// Sum of f(i) over [0, n) in double, over sixteen lanes in a fixed order.
template <class Term> [[gnu::always_inline]] inline double lane_sum(std::size_t n, const Term& f) {
    double lane[16] = {};
    std::size_t i = 0;
    for (; i + 16 <= n; i += 16)
        for (std::size_t k = 0; k < 16; ++k) lane[k] += f(i + k);
    for (std::size_t k = 0; i + k < n; ++k) lane[k] += f(i + k);
    for (std::size_t half = 8; half > 0; half /= 2)
        for (std::size_t k = 0; k < half; ++k) lane[k] += lane[k + half];
    return lane[0];
}

[[gnu::always_inline]] inline double sum_of_squares(const float* x, std::size_t n) {
    return lane_sum(n, [x](std::size_t i) {
        const double v = x[i];
        return v * v;
    });
}

}  // namespace etude::detail
