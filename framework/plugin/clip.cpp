// Each kernel is compiled for every instruction set, as the steps of plugins are; the function that is called only chooses.
#include "plugin/clip.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace etude {
namespace {

[[gnu::always_inline]] inline double sum_of_squares(const float* x, std::size_t n) {
    double lane[16] = {};
    std::size_t i = 0;
    for (; i + 16 <= n; i += 16)
        for (std::size_t k = 0; k < 16; ++k) {
            const double v = x[i + k];
            lane[k] += v * v;
        }
    for (std::size_t k = 0; i + k < n; ++k) {
        const double v = x[i + k];
        lane[k] += v * v;
    }
    for (std::size_t half = 8; half > 0; half /= 2)
        for (std::size_t k = 0; k < half; ++k) lane[k] += lane[k + half];
    return lane[0];
}

[[gnu::always_inline]] inline void clip_norm(float* x, std::size_t n, double limit) {
    const double norm = std::sqrt(sum_of_squares(x, n));
    if (!(norm > limit)) return;
    const float factor = static_cast<float>(limit / norm);
    for (std::size_t i = 0; i < n; ++i) x[i] *= factor;
}

[[gnu::always_inline]] inline void clip_value(float* x, std::size_t n, float limit) {
    for (std::size_t i = 0; i < n; ++i) {
        const float below = x[i] > limit ? limit : x[i];  // written so that a NaN passes
        x[i] = below < -limit ? -limit : below;
    }
}

[[gnu::always_inline]] inline void run(const Clip& clip, float* x, std::size_t n) {
    if (clip.kind == Clip::Kind::norm) clip_norm(x, n, clip.limit);
    else clip_value(x, n, static_cast<float>(clip.limit));
}

#if defined(__x86_64__)
__attribute__((target("arch=x86-64-v3"))) void run_v3(const Clip& clip, float* x, std::size_t n) { run(clip, x, n); }
__attribute__((target("arch=x86-64-v4"))) void run_v4(const Clip& clip, float* x, std::size_t n) { run(clip, x, n); }
#endif

}  // namespace

void clip_gradients(const Clip& clip, std::span<float> gradients, Isa isa) {
#if defined(__x86_64__)
    if (isa == Isa::v4) return run_v4(clip, gradients.data(), gradients.size());
    if (isa == Isa::v3) return run_v3(clip, gradients.data(), gradients.size());
#endif
    run(clip, gradients.data(), gradients.size());
}

}  // namespace etude
