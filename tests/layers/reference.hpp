// tests/layers/reference.hpp - the networks of a study in naive double precision: what the bound layers are compared with.
//
// Written from the definitions, one number at a time; its own gradients are held by finite differences
// (tests/model/reference.cpp), so that a failure says which of the two is wrong.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/value.hpp"
#include "tensor/shape.hpp"

namespace etude::test {

using Numbers = std::vector<double>;

inline double activated(const std::string& name, double x) {
    if (name == "relu") return std::max(x, 0.0);
    if (name == "leaky_relu") return x > 0 ? x : 0.01 * x;
    if (name == "elu") return x > 0 ? x : std::expm1(x);
    if (name == "gelu") return x * 0.5 * std::erfc(-x / std::sqrt(2.0));
    if (name == "tanh") return std::tanh(x);
    if (name == "sigmoid") return 1 / (1 + std::exp(-x));
    if (name == "softplus") return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
    if (name == "swish") return x / (1 + std::exp(-x));
    return x;
}

inline double slope(const std::string& name, double x) {
    const double s = 1 / (1 + std::exp(-x));
    if (name == "relu") return x > 0 ? 1 : 0;
    if (name == "leaky_relu") return x > 0 ? 1 : 0.01;
    if (name == "elu") return x > 0 ? 1 : std::exp(x);
    if (name == "gelu") return 0.5 * std::erfc(-x / std::sqrt(2.0)) + x * std::exp(-x * x / 2) / std::sqrt(2 * 3.14159265358979323846);
    if (name == "tanh") return 1 - std::tanh(x) * std::tanh(x);
    if (name == "sigmoid") return s * (1 - s);
    if (name == "softplus") return s;
    if (name == "swish") return s + x * s * (1 - s);
    return 1;
}

/// Loss of one sample and its derivative by the outputs. `label` for classes, `value` for regression.
struct SampleLoss {
    double loss = 0;
    Numbers diff;
};

inline SampleLoss loss_of(const Component& loss, const Numbers& z, std::int32_t label, const float* value) {
    SampleLoss r{0, Numbers(z.size())};
    if (loss.name == "softmax_cross_entropy") {
        const double smoothing = loss.values.real("label_smoothing"), top = *std::ranges::max_element(z), classes = static_cast<double>(z.size());
        double sum = 0;
        for (const double x : z) sum += std::exp(x - top);
        for (std::size_t c = 0; c < z.size(); ++c) {
            const double target = (static_cast<std::int32_t>(c) == label ? 1 - smoothing : 0) + smoothing / classes;
            r.loss -= target * (z[c] - top - std::log(sum));
            r.diff[c] = std::exp(z[c] - top) / sum - target;
        }
    } else if (loss.name == "binary_cross_entropy") {
        const double p = 1 / (1 + std::exp(-z[0]));
        r.loss = activated("softplus", z[0]) - label * z[0];
        r.diff[0] = p - label;
    } else if (loss.name == "huber") {
        const double delta = loss.values.real("delta"), outputs = static_cast<double>(z.size());
        for (std::size_t i = 0; i < z.size(); ++i) {
            const double error = z[i] - static_cast<double>(value[i]), size = std::abs(error);
            r.loss += (size <= delta ? error * error / 2 : delta * (size - delta / 2)) / outputs;
            r.diff[i] = (size <= delta ? error : std::copysign(delta, error)) / outputs;
        }
    } else {
        for (std::size_t i = 0; i < z.size(); ++i) {
            const double error = z[i] - static_cast<double>(value[i]);
            r.loss += error * error / static_cast<double>(z.size());
            r.diff[i] = 2 * error / static_cast<double>(z.size());
        }
    }
    return r;
}

/// Sum of the losses over a batch, and the gradient of their mean.
struct Reference {
    double loss = 0;
    Numbers gradient, outputs;
    Numbers state{};  ///< running means and variances of the batch norms, after a training step from 0 and 1
};

struct ReferenceBatch {
    std::vector<float> inputs;  ///< [samples, features]
    std::vector<std::int32_t> labels;
    std::vector<float> values;
    std::size_t samples = 0;
    InputShape shape{};  ///< of one sample, where it is an image
};

/// A batch as it stands between two layers.
struct Images {
    std::size_t samples = 0;
    InputShape shape;
    Numbers numbers;  ///< [samples, channels, height, width]
    double& at(std::size_t n, std::size_t c, std::size_t y, std::size_t x) {
        return numbers[((n * shape.channels + c) * shape.height + y) * shape.width + x];
    }
    double at(std::size_t n, std::size_t c, std::size_t y, std::size_t x) const { return const_cast<Images&>(*this).at(n, c, y, x); }
};
inline Images images_like(const Images& x, const InputShape& shape) { return {x.samples, shape, Numbers(x.samples * shape.size())}; }

/// Weights and their gradients, taken from the flat buffer in order.
struct Flat {
    const Numbers& weights;
    Numbers& gradient;
    Numbers& state;               // grows with each batch norm
    const Numbers* given_state;   // of an evaluation; null in training
    std::size_t at = 0, state_at = 0;
    std::size_t take(std::size_t count) { return std::exchange(at, at + count); }
};

/// What a layer made of its source, and the way back: from the derivatives by dst to those by src, adding to the gradient.
struct Passed {
    Images dst;
    std::function<Images(const Images&)> back;
};

inline std::size_t key(const Component& layer, const char* name) { return static_cast<std::size_t>(layer.values.integer(name)); }

inline Passed pass_activation(const std::string& name, const Images& src) {
    Images dst = src;
    for (double& v : dst.numbers) v = activated(name, v);
    return {dst, [name, src](const Images& diff) {
                Images below = diff;
                for (std::size_t i = 0; i < below.numbers.size(); ++i) below.numbers[i] *= slope(name, src.numbers[i]);
                return below;
            }};
}

/// `first`, then `second` on what it made.
inline Passed then(Passed first, Passed second) {
    return {std::move(second.dst), [one = std::move(first.back), two = std::move(second.back)](const Images& diff) { return one(two(diff)); }};
}

inline Passed pass_dense(const Component& layer, const Images& src, Flat& flat) {
    const std::size_t units = key(layer, "units"), in = src.shape.size(), w = flat.take(units * in);
    const bool bias = layer.values.flag("bias");
    const std::size_t b = bias ? flat.take(units) : 0;
    Images dst = images_like(src, {units, 1, 1});
    for (std::size_t n = 0; n < src.samples; ++n)
        for (std::size_t o = 0; o < units; ++o) {
            double& sum = dst.at(n, o, 0, 0) = bias ? flat.weights[b + o] : 0;
            for (std::size_t i = 0; i < in; ++i) sum += flat.weights[w + o * in + i] * src.numbers[n * in + i];
        }
    return {dst, [=, &weights = flat.weights, &gradient = flat.gradient](const Images& diff) {
                Images below = images_like(src, src.shape);
                for (std::size_t n = 0; n < src.samples; ++n)
                    for (std::size_t o = 0; o < units; ++o) {
                        const double d = diff.at(n, o, 0, 0);
                        if (bias) gradient[b + o] += d;
                        for (std::size_t i = 0; i < in; ++i) {
                            gradient[w + o * in + i] += d * src.numbers[n * in + i];
                            below.numbers[n * in + i] += d * weights[w + o * in + i];
                        }
                    }
                return below;
            }};
}

/// Calls `use(n, o, y, x, c, sy, sx, weight)` for every product that a convolution is made of.
template <class Use>
void each_product(const Component& layer, const Images& src, const InputShape& dst, std::size_t top, std::size_t left, Use&& use) {
    const std::size_t k = key(layer, "kernel"), stride = key(layer, "stride"), dilation = key(layer, "dilation"), groups = key(layer, "groups");
    const std::size_t in = src.shape.channels / groups, out = dst.channels / groups;
    for (std::size_t n = 0; n < src.samples; ++n)
        for (std::size_t o = 0; o < dst.channels; ++o)
            for (std::size_t y = 0; y < dst.height; ++y)
                for (std::size_t x = 0; x < dst.width; ++x)
                    for (std::size_t c = 0; c < in; ++c)
                        for (std::size_t i = 0; i < k; ++i)
                            for (std::size_t j = 0; j < k; ++j) {
                                const std::size_t sy = y * stride + i * dilation - top, sx = x * stride + j * dilation - left;  // wraps above
                                if (sy < src.shape.height && sx < src.shape.width)
                                    use(n, o, y, x, o / out * in + c, sy, sx, ((o * in + c) * k + i) * k + j);
                            }
}

inline Passed pass_conv2d(const Component& layer, const Images& src, Flat& flat) {
    const std::size_t k = key(layer, "kernel"), stride = key(layer, "stride"), extent = (k - 1) * key(layer, "dilation") + 1;
    const bool same = layer.values.find("padding")->index() != Value(std::int64_t{0}).index(), bias = layer.values.flag("bias");
    const auto before = [&](std::size_t n) {  // as TensorFlow counts `same`
        const std::size_t out = (n + stride - 1) / stride, covered = (out - 1) * stride + extent;
        return same ? (covered > n ? covered - n : 0) / 2 : key(layer, "padding");
    };
    const auto side = [&](std::size_t n) { return same ? (n + stride - 1) / stride : (n + 2 * key(layer, "padding") - extent) / stride + 1; };
    const InputShape shape{key(layer, "channels"), side(src.shape.height), side(src.shape.width)};
    const std::size_t w = flat.take(shape.channels * (src.shape.channels / key(layer, "groups")) * k * k), b = bias ? flat.take(shape.channels) : 0;
    const std::size_t top = before(src.shape.height), left = before(src.shape.width), area = shape.height * shape.width;
    Images dst = images_like(src, shape);
    if (bias)
        for (std::size_t i = 0; i < dst.numbers.size(); ++i) dst.numbers[i] = flat.weights[b + i / area % shape.channels];
    each_product(layer, src, shape, top, left, [&](auto n, auto o, auto y, auto x, auto c, auto sy, auto sx, auto i) {
        dst.at(n, o, y, x) += flat.weights[w + i] * src.at(n, c, sy, sx);
    });
    return {dst, [=, &weights = flat.weights, &gradient = flat.gradient](const Images& diff) {
                Images below = images_like(src, src.shape);
                if (bias)
                    for (std::size_t i = 0; i < diff.numbers.size(); ++i) gradient[b + i / area % shape.channels] += diff.numbers[i];
                each_product(layer, src, shape, top, left, [&](auto n, auto o, auto y, auto x, auto c, auto sy, auto sx, auto i) {
                    gradient[w + i] += diff.at(n, o, y, x) * src.at(n, c, sy, sx);
                    below.at(n, c, sy, sx) += diff.at(n, o, y, x) * weights[w + i];
                });
                return below;
            }};
}

inline Passed pass_pool(const Component& layer, const Images& src) {
    const bool global = layer.name == "global_avg_pool", largest = layer.name == "max_pool";
    const std::size_t kh = global ? src.shape.height : key(layer, "kernel"), kw = global ? src.shape.width : kh;
    const std::size_t stride = global ? 1 : key(layer, layer.values.has("stride") ? "stride" : "kernel"),
                      padding = global ? 0 : key(layer, "padding");
    const InputShape shape{src.shape.channels, (src.shape.height + 2 * padding - kh) / stride + 1, (src.shape.width + 2 * padding - kw) / stride + 1};
    Images dst = images_like(src, shape);
    std::vector<std::pair<std::size_t, std::size_t>> shares;  // destination and source of each term
    for (std::size_t i = 0; i < dst.numbers.size(); ++i) {
        const std::size_t plane = i / (shape.height * shape.width), y = i / shape.width % shape.height, x = i % shape.width;
        const std::size_t first = shares.size();
        for (std::size_t sy = y * stride; sy < y * stride + kh; ++sy)
            for (std::size_t sx = x * stride; sx < x * stride + kw; ++sx)
                if (sy - padding < src.shape.height && sx - padding < src.shape.width)
                    shares.emplace_back(i, (plane * src.shape.height + sy - padding) * src.shape.width + sx - padding);
        if (largest) {
            const auto top = std::max_element(shares.begin() + static_cast<std::ptrdiff_t>(first), shares.end(),
                                              [&](const auto& a, const auto& b) { return src.numbers[a.second] < src.numbers[b.second]; });
            shares[first] = *top;
            shares.resize(first + 1);
        }
    }
    const double weight = largest ? 1 : 1 / static_cast<double>(kh * kw);
    for (const auto& [to, from] : shares) dst.numbers[to] += weight * src.numbers[from];
    return {dst, [=](const Images& diff) {
                Images below = images_like(src, src.shape);
                for (const auto& [to, from] : shares) below.numbers[from] += weight * diff.numbers[to];
                return below;
            }};
}

/// Numbers that are normalised together: `group(i)` of each number, and which scale and shift it has.
struct Groups {
    std::size_t count;
    std::function<std::size_t(std::size_t)> group, weight;
};

/// y = (x - mean) / sqrt(variance + eps) * scale + shift. `moments`: where they are fixed; else those of the groups.
inline Passed pass_norm(const Images& src, const Groups& groups, double eps, std::size_t weights_count, Flat& flat, const Numbers* fixed_mean,
                        const Numbers* fixed_variance, Numbers* mean_out, Numbers* variance_out) {
    const std::size_t scale = flat.take(weights_count), shift = flat.take(weights_count), all = src.numbers.size();
    Numbers mean(groups.count), variance(groups.count);
    const double members = static_cast<double>(all) / static_cast<double>(groups.count);
    for (std::size_t i = 0; i < all; ++i) mean[groups.group(i)] += src.numbers[i] / members;
    for (std::size_t i = 0; i < all; ++i) variance[groups.group(i)] += std::pow(src.numbers[i] - mean[groups.group(i)], 2) / members;
    if (mean_out != nullptr) *mean_out = mean, *variance_out = variance;
    if (fixed_mean != nullptr) mean = *fixed_mean, variance = *fixed_variance;
    Images dst = src;
    Numbers normal(all);
    for (std::size_t i = 0; i < all; ++i) {
        normal[i] = (src.numbers[i] - mean[groups.group(i)]) / std::sqrt(variance[groups.group(i)] + eps);
        dst.numbers[i] = normal[i] * flat.weights[scale + groups.weight(i)] + flat.weights[shift + groups.weight(i)];
    }
    return {dst, [=, &weights = flat.weights, &gradient = flat.gradient](const Images& diff) {
                Numbers sum(groups.count), products(groups.count);
                for (std::size_t i = 0; i < all; ++i) {
                    const double d = diff.numbers[i] * weights[scale + groups.weight(i)];
                    gradient[scale + groups.weight(i)] += diff.numbers[i] * normal[i];
                    gradient[shift + groups.weight(i)] += diff.numbers[i];
                    sum[groups.group(i)] += d / members;
                    products[groups.group(i)] += d * normal[i] / members;
                }
                Images below = diff;
                for (std::size_t i = 0; i < all; ++i) {
                    const std::size_t g = groups.group(i);
                    below.numbers[i] =
                        (diff.numbers[i] * weights[scale + groups.weight(i)] - sum[g] - normal[i] * products[g]) / std::sqrt(variance[g] + eps);
                }
                return below;
            }};
}

inline Passed pass_batch_norm(const Component& layer, const Images& src, Flat& flat) {
    const std::size_t channels = src.shape.channels, area = src.shape.height * src.shape.width;
    const auto channel = [=](std::size_t i) { return i / area % channels; };
    const double eps = layer.values.real("eps"), kept = layer.values.real("momentum"), members = static_cast<double>(src.samples * area);
    Numbers mean, variance, running_mean, running_variance;
    if (flat.given_state != nullptr) {
        const auto begin = flat.given_state->begin() + static_cast<std::ptrdiff_t>(flat.state_at),
                   middle = begin + static_cast<std::ptrdiff_t>(channels);
        running_mean.assign(begin, middle);
        running_variance.assign(middle, middle + static_cast<std::ptrdiff_t>(channels));
        flat.state_at += 2 * channels;
    }
    const bool fixed = flat.given_state != nullptr;
    Passed passed = pass_norm(src, {channels, channel, channel}, eps, channels, flat, fixed ? &running_mean : nullptr, &running_variance, &mean,
                              &variance);
    for (const double m : mean) flat.state.push_back((1 - kept) * m);
    for (const double v : variance) flat.state.push_back(kept + (1 - kept) * v * (members > 1 ? members / (members - 1) : 1));
    return passed;
}

inline Passed pass_layer_norm(const Component& layer, const Images& src, Flat& flat) {
    const std::size_t size = src.shape.size();
    return pass_norm(src, {src.samples, [=](std::size_t i) { return i / size; }, [=](std::size_t i) { return i % size; }}, layer.values.real("eps"),
                     size, flat, nullptr, nullptr, nullptr, nullptr);
}

inline Passed pass_layer(const Component& layer, const Images& src, Flat& flat);

inline Passed pass_layers(const std::vector<Component>& layers, const Images& src, Flat& flat) {
    Passed all{src, [](const Images& diff) { return diff; }};
    for (const Component& layer : layers) {
        Passed one = pass_layer(layer, all.dst, flat);
        all = then(std::move(all), std::move(one));
    }
    return all;
}

inline Passed pass_residual(const Component& layer, const Images& src, Flat& flat) {
    const Passed body = pass_layers(layer.list("body"), src, flat), shortcut = pass_layers(layer.list("shortcut"), src, flat);
    Images sum = body.dst;
    for (std::size_t i = 0; i < sum.numbers.size(); ++i) sum.numbers[i] += shortcut.dst.numbers[i];
    Passed both{sum, [body, shortcut](const Images& diff) {
                    Images below = body.back(diff);
                    const Images other = shortcut.back(diff);
                    for (std::size_t i = 0; i < below.numbers.size(); ++i) below.numbers[i] += other.numbers[i];
                    return below;
                }};
    Passed function = pass_activation(layer.values.word("activation"), sum);
    return then(std::move(both), std::move(function));
}

inline Passed pass_layer(const Component& layer, const Images& src, Flat& flat) {
    if (layer.name == "batch_norm") return pass_batch_norm(layer, src, flat);
    if (layer.name == "layer_norm") return pass_layer_norm(layer, src, flat);
    if (layer.name == "residual") return pass_residual(layer, src, flat);
    if (layer.name == "dropout" || layer.name == "flatten") {
        const InputShape shape = layer.name == "flatten" ? InputShape{src.shape.size(), 1, 1} : src.shape;
        Images dst = src;
        dst.shape = shape;
        return {dst, [before = src.shape](const Images& diff) {
                    Images below = diff;
                    below.shape = before;
                    return below;
                }};
    }
    if (layer.name.ends_with("_pool")) return pass_pool(layer, src);
    if (layer.name != "dense" && layer.name != "conv2d") return pass_activation(layer.name, src);
    Passed sums = layer.name == "dense" ? pass_dense(layer, src, flat) : pass_conv2d(layer, src, flat);
    Passed function = pass_activation(layer.values.word("activation"), sums.dst);
    return then(std::move(sums), std::move(function));
}

/// Layers without randomness: dropout as in evaluation. With `state` an evaluation: batch norms take the running estimates in it.
inline Reference reference(const std::vector<Component>& model, const Component& loss, const ReferenceBatch& batch, const Numbers& weights,
                           const Numbers* state = nullptr) {
    Reference result{0, Numbers(weights.size()), {}};
    Flat flat{weights, result.gradient, result.state, state};
    const std::size_t features = batch.inputs.size() / batch.samples;
    const InputShape shape = batch.shape.size() > 0 ? batch.shape : InputShape{features, 1, 1};
    const Passed passed = pass_layers(model, {batch.samples, shape, Numbers(batch.inputs.begin(), batch.inputs.end())}, flat);
    const Images& x = passed.dst;
    Images diff = images_like(x, x.shape);
    const std::size_t outputs = x.shape.size();
    for (std::size_t r = 0; r < batch.samples; ++r) {
        const auto begin = x.numbers.begin() + static_cast<std::ptrdiff_t>(r * outputs);
        const SampleLoss sample = loss_of(loss, Numbers(begin, begin + static_cast<std::ptrdiff_t>(outputs)),
                                          batch.labels.empty() ? 0 : batch.labels[r],
                                          batch.values.empty() ? nullptr : batch.values.data() + r * outputs);
        result.loss += sample.loss;
        for (std::size_t o = 0; o < outputs; ++o) diff.numbers[r * outputs + o] = sample.diff[o] / static_cast<double>(batch.samples);
    }
    result.outputs = x.numbers;
    passed.back(diff);
    return result;
}

}  // namespace etude::test
