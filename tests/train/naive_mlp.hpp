// tests/train/naive_mlp.hpp - the training of a small network written down once more.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.hpp"

namespace etude::test {

/// In double, with loops: an MLP of one hidden ReLU layer under plain gradient descent.
class NaiveMlp {
  public:
    NaiveMlp(std::span<const float> weights, std::size_t inputs, std::size_t hidden, std::size_t outputs)
        : w_(weights.begin(), weights.end()), in_(inputs), hidden_(hidden), out_(outputs) {}

    /// Loss before the update; `rows` of `part` are one batch.
    double update(const Part& part, std::span<const std::uint32_t> rows, double lr) {
        const auto [loss, gradient] = mean(part, rows);
        for (std::size_t i = 0; i < w_.size(); ++i) w_[i] -= lr * gradient[i];
        return loss;
    }

    struct Mean {
        double loss;
        std::vector<double> gradient;
    };
    Mean mean(const Part& part, std::span<const std::uint32_t> rows) const {
        Mean sum{0, std::vector<double>(w_.size())};
        for (const std::uint32_t row : rows) sum.loss += add_sample(part, row, sum.gradient);
        sum.loss /= static_cast<double>(rows.size());
        for (double& g : sum.gradient) g /= static_cast<double>(rows.size());
        return sum;
    }
    std::vector<double>& weights() { return w_; }

    double mean_loss(const Part& part) {
        std::vector<double> unused(w_.size());
        double loss = 0;
        for (std::uint32_t row = 0; row < part.count(); ++row) loss += add_sample(part, row, unused);
        return loss / static_cast<double>(part.count());
    }

  private:
    double add_sample(const Part& part, std::uint32_t row, std::vector<double>& gradient) const {
        std::vector<float> x(in_);
        part.gather({&row, 1}, x.data(), in_);
        // Flat order: weight [hidden, in], bias [hidden], weight [out, hidden], bias [out].
        const std::size_t b1 = hidden_ * in_, w2 = b1 + hidden_, b2 = w2 + out_ * hidden_;
        std::vector<double> h(hidden_), z(out_), dz(out_);
        for (std::size_t j = 0; j < hidden_; ++j) {
            double sum = w_[b1 + j];
            for (std::size_t i = 0; i < in_; ++i) sum += w_[j * in_ + i] * x[i];
            h[j] = std::max(0.0, sum);
        }
        double normaliser = 0;
        for (std::size_t k = 0; k < out_; ++k) {
            z[k] = w_[b2 + k];
            for (std::size_t j = 0; j < hidden_; ++j) z[k] += w_[w2 + k * hidden_ + j] * h[j];
            normaliser += std::exp(z[k]);
        }
        const auto label = static_cast<std::size_t>(part.label(row));
        for (std::size_t k = 0; k < out_; ++k) dz[k] = std::exp(z[k]) / normaliser - (k == label ? 1 : 0);
        for (std::size_t k = 0; k < out_; ++k) {
            gradient[b2 + k] += dz[k];
            for (std::size_t j = 0; j < hidden_; ++j) gradient[w2 + k * hidden_ + j] += dz[k] * h[j];
        }
        for (std::size_t j = 0; j < hidden_; ++j) {
            if (h[j] <= 0) continue;
            double dh = 0;
            for (std::size_t k = 0; k < out_; ++k) dh += dz[k] * w_[w2 + k * hidden_ + j];
            gradient[b1 + j] += dh;
            for (std::size_t i = 0; i < in_; ++i) gradient[j * in_ + i] += dh * x[i];
        }
        return std::log(normaliser) - z[label];
    }

    std::vector<double> w_;
    std::size_t in_, hidden_, out_;
};

}  // namespace etude::test
