// tests/layers/reference.hpp - the networks of a study in naive double precision: what the bound layers are compared with.
//
// Written from the definitions, one sample and one number at a time; its own gradients are held by finite differences
// (tests/model/reference.cpp), so that a failure says which of the two is wrong.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "base/value.hpp"

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
};

struct ReferenceBatch {
    std::vector<float> inputs;  ///< [samples, features]
    std::vector<std::int32_t> labels;
    std::vector<float> values;
    std::size_t samples = 0;
};

/// Layers without randomness: dense, activations, flatten, dropout as in evaluation.
inline Reference reference(const std::vector<Component>& model, const Component& loss, const ReferenceBatch& batch, const Numbers& weights) {
    Reference result{0, Numbers(weights.size()), {}};
    const std::size_t features = batch.inputs.size() / batch.samples;
    for (std::size_t r = 0; r < batch.samples; ++r) {
        struct Stage {
            std::string activation;
            Numbers in, argument;
            std::size_t at, units;
            bool dense, bias;
        };
        std::vector<Stage> stages;
        Numbers x(batch.inputs.data() + r * features, batch.inputs.data() + (r + 1) * features);
        std::size_t at = 0;
        for (const Component& layer : model) {
            if (layer.name == "flatten" || layer.name == "dropout") continue;
            Stage s{layer.name, x, x, at, x.size(), false, false};
            if (layer.name == "dense") {
                s.units = static_cast<std::size_t>(layer.values.integer("units"));
                s.activation = layer.values.word("activation");
                s.dense = true;
                s.bias = layer.values.flag("bias");
                s.argument.assign(s.units, 0);
                for (std::size_t o = 0; o < s.units; ++o) {
                    if (s.bias) s.argument[o] = weights[at + s.units * x.size() + o];
                    for (std::size_t i = 0; i < x.size(); ++i) s.argument[o] += weights[at + o * x.size() + i] * x[i];
                }
                at += s.units * x.size() + (s.bias ? s.units : 0);
            }
            x.resize(s.units);
            for (std::size_t o = 0; o < s.units; ++o) x[o] = activated(s.activation, s.argument[o]);
            stages.push_back(s);
        }
        const float* value = batch.values.empty() ? nullptr : batch.values.data() + r * x.size();
        const SampleLoss sample = loss_of(loss, x, batch.labels.empty() ? 0 : batch.labels[r], value);
        result.loss += sample.loss;
        result.outputs.insert(result.outputs.end(), x.begin(), x.end());
        Numbers diff = sample.diff;
        for (auto s = stages.rbegin(); s != stages.rend(); ++s) {
            for (std::size_t o = 0; o < s->units; ++o) diff[o] *= slope(s->activation, s->argument[o]);
            if (!s->dense) continue;
            const std::size_t in = s->in.size();
            Numbers below(in);
            for (std::size_t o = 0; o < s->units; ++o) {
                for (std::size_t i = 0; i < in; ++i) {
                    result.gradient[s->at + o * in + i] += diff[o] * s->in[i] / static_cast<double>(batch.samples);
                    below[i] += diff[o] * weights[s->at + o * in + i];
                }
                if (s->bias) result.gradient[s->at + s->units * in + o] += diff[o] / static_cast<double>(batch.samples);
            }
            diff = below;
        }
    }
    return result;
}

}  // namespace etude::test
