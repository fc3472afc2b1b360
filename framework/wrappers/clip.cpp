#include "wrappers/clip.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "wrappers/kernels.hpp"
#include "wrappers/tensors.hpp"

namespace etude {
namespace {

[[gnu::always_inline]] inline void clip_norm(float* x, std::size_t n, double limit) {
    const double norm = std::sqrt(detail::sum_of_squares(x, n));
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

}  // namespace

GradientClip::GradientClip(const Clip& clip, std::size_t weight_count, std::vector<etude_tensor> tensors, Isa isa)
    : clip_(clip), tensors_(tensors_or_one(std::move(tensors), weight_count)), isa_(isa) {}

void GradientClip::apply(std::span<const float> weights, std::span<float> gradients) const {
    const std::size_t n = gradients.size();
    float* const g = gradients.data();
    const float* const w = weights.data();
    const double limit = clip_.limit, eps = clip_.eps;
    switch (clip_.kind) {
        case Clip::Kind::norm:
            return detail::run_for(isa_, [=] { clip_norm(g, n, limit); });
        case Clip::Kind::value:
            return detail::run_for(isa_, [=] { clip_value(g, n, static_cast<float>(limit)); });
        case Clip::Kind::adaptive:
            for (const etude_tensor& tensor : tensors_) {
                const auto [rows, length] = rows_of(tensor);
                detail::run_for(isa_, [=, first = tensor.offset, rows = rows, length = length] {
                    for (std::size_t r = 0; r < rows; ++r) {
                        const std::size_t begin = first + r * length;
                        clip_norm(g + begin, length, limit * std::max(std::sqrt(detail::sum_of_squares(w + begin, length)), eps));
                    }
                });
            }
    }
}

}  // namespace etude
