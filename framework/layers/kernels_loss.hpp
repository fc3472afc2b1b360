// framework/layers/kernels_loss.hpp - losses with the samples in the lanes: maxima, exponentials and sums run over whole vectors.
//
// A sample's loss is a float; the sum over the samples is made in double, in four interleaved partial sums.
#pragma once
#include "layers/kernels.hpp"
#include "tensor/lanes.hpp"
#include "tensor/lanes_math.hpp"

namespace etude::ETUDE_ISA_NAMESPACE {

using Float4 = float __attribute__((vector_size(16)));
using Double4 = double __attribute__((vector_size(32)));

/// Collects per-sample losses and hits of the samples that there are.
class LossTotal {
  public:
    ETUDE_LANES_INLINE LossTotal() : partial_{}, hits_(all(std::int32_t{0})) {}  // written out: an implicit one would be compiled for the baseline

    ETUDE_LANES_INLINE void add(const F16& loss, const I16& hit, const I16& valid) {
        Float4 values[lanes / 4];
        const F16 counted = select(valid, loss, all(0.0f));
        std::memcpy(values, &counted, sizeof values);
#pragma GCC unroll 4
        for (const Float4& four : values) partial_ += __builtin_convertvector(four, Double4);
        hits_ = hits_ - (hit & valid);
    }
    ETUDE_LANES_INLINE LossSums sums() const {
        std::int32_t hits[lanes];
        std::memcpy(hits, &hits_, sizeof hits);
        std::size_t correct = 0;
        for (const std::int32_t h : hits) correct += static_cast<std::size_t>(h);
        return {(partial_[0] + partial_[2]) + (partial_[1] + partial_[3]), correct, 0};
    }

  private:
    Double4 partial_;
    I16 hits_;
};

ETUDE_LANES_INLINE I16 valid_lanes(std::size_t first, std::size_t samples) {
    constexpr std::int32_t counting[lanes] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return load_anywhere(counting) < all(static_cast<std::int32_t>(samples - first));
}

/// Labels of the vector that begins at `first`; -1 beyond the last.
ETUDE_LANES_INLINE I16 labels_at(const std::int32_t* labels, std::size_t first, std::size_t samples) {
    if (first + lanes <= samples) return load_anywhere(labels + first);
    std::int32_t padded[lanes];
    for (std::size_t l = 0; l < lanes; ++l) padded[l] = first + l < samples ? labels[first + l] : -1;
    return load_anywhere(padded);
}

/// With m the largest logit, s = sum of e^(z - m) and t the smoothed target: loss = log s - sum of t (z - m), d loss / d z = e^(z - m) / s - t.
inline LossSums softmax_cross_entropy(const LossInput& in, const std::int32_t* labels, float smoothing) {
    const float spread = smoothing / static_cast<float>(in.features), kept = 1.0f - smoothing;
    const F16 share = all(1.0f / static_cast<float>(in.samples)), zero = all(0.0f);
    LossTotal total;
    for (std::size_t first = 0; first < in.samples; first += lanes) {
        const I16 label = labels_at(labels, first, in.samples), valid = valid_lanes(first, in.samples);
        const float* z = in.outputs + first;
        F16 largest = load(z), own = largest;
        I16 best = all(std::int32_t{0});
        for (std::size_t c = 1; c < in.features; ++c) {
            const F16 logit = load(z + c * in.stride);
            const I16 index = all(static_cast<std::int32_t>(c)), above = logit > largest;
            largest = select(above, logit, largest);
            best = select(above, index, best);
            own = select(label == index, logit, own);
        }
        F16 sum = zero, shifts = zero;
        for (std::size_t c = 0; c < in.features; ++c) {
            const F16 shifted = load(z + c * in.stride) - largest, e = exp_of_negative(shifted);
            sum = sum + e;
            shifts = shifts + shifted;
            if (in.diff != nullptr) store(in.diff + first + c * in.stride, e);
        }
        F16 loss = log(sum) - all(kept) * (own - largest);
        if (spread > 0) loss = loss - all(spread) * shifts;
        total.add(loss, best == label, valid);
        if (in.diff == nullptr) continue;
        const F16 normalise = all(1.0f) / sum;
        for (std::size_t c = 0; c < in.features; ++c) {
            float* diff = in.diff + first + c * in.stride;
            const F16 target = select(label == all(static_cast<std::int32_t>(c)), all(kept + spread), all(spread));
            store(diff, select(valid, (load(diff) * normalise - target) * share, zero));
        }
    }
    return total.sums();
}

/// loss = max(z, 0) - z y + log(1 + e^-|z|), d loss / d z = sigmoid(z) - y.
inline LossSums binary_cross_entropy(const LossInput& in, const std::int32_t* labels) {
    const F16 share = all(1.0f / static_cast<float>(in.samples)), zero = all(0.0f);
    LossTotal total;
    for (std::size_t first = 0; first < in.samples; first += lanes) {
        const I16 label = labels_at(labels, first, in.samples), valid = valid_lanes(first, in.samples);
        const F16 z = load(in.outputs + first), y = select(label == all(std::int32_t{1}), all(1.0f), zero);
        const F16 positive_part = select(z < zero, zero, z);
        const F16 loss = (positive_part - z * y) + log1p(exp_of_negative(zero - magnitude(z)));
        const I16 said = (z > zero) & all(std::int32_t{1});
        total.add(loss, said == label, valid);
        if (in.diff != nullptr) store(in.diff + first, select(valid, (sigmoid(z) - y) * share, zero));
    }
    return total.sums();
}

/// A sample's loss is the mean over its outputs of (y - value)^2.
inline LossSums mean_squared_error(const LossInput& in, const float* values) {
    const double outputs = static_cast<double>(in.features);
    const F16 slope = all(static_cast<float>(2.0 / (outputs * static_cast<double>(in.samples)))), zero = all(0.0f);
    LossTotal total;
    for (std::size_t first = 0; first < in.samples; first += lanes) {
        const I16 valid = valid_lanes(first, in.samples);
        F16 squares = zero;
        for (std::size_t f = 0; f < in.features; ++f) {
            const std::size_t at = first + f * in.stride;
            const F16 error = load(in.outputs + at) - load(values + at);
            squares = squares + error * error;
            if (in.diff != nullptr) store(in.diff + at, select(valid, error * slope, zero));
        }
        total.add(squares, all(std::int32_t{0}), valid);
    }
    LossSums sums = total.sums();
    sums.squared_error = sums.loss;
    sums.loss /= outputs;
    return sums;
}

/// A sample's loss is the mean over its outputs of h(y - value): h(e) = e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2).
inline LossSums huber(const LossInput& in, const float* values, float delta) {
    const double outputs = static_cast<double>(in.features);
    const F16 share = all(static_cast<float>(1.0 / (outputs * static_cast<double>(in.samples)))), zero = all(0.0f), half = all(0.5f);
    const F16 limit = all(delta);
    LossTotal total, square_total;
    for (std::size_t first = 0; first < in.samples; first += lanes) {
        const I16 valid = valid_lanes(first, in.samples);
        F16 losses = zero, squares = zero;
        for (std::size_t f = 0; f < in.features; ++f) {
            const std::size_t at = first + f * in.stride;
            const F16 error = load(in.outputs + at) - load(values + at), size = magnitude(error);
            const I16 is_far = size > limit;
            losses = losses + select(is_far, limit * (size - half * limit), half * error * error);
            squares = squares + error * error;
            const F16 slope = select(is_far, select(error < zero, zero - limit, limit), error);
            if (in.diff != nullptr) store(in.diff + at, select(valid, slope * share, zero));
        }
        total.add(losses, all(std::int32_t{0}), valid);
        square_total.add(squares, all(std::int32_t{0}), valid);
    }
    LossSums sums = total.sums();
    sums.squared_error = square_total.sums().loss;
    sums.loss /= outputs;
    return sums;
}

}  // namespace etude::ETUDE_ISA_NAMESPACE
