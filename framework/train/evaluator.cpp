#include "train/evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace etude {
namespace {

// Large enough that a call's overhead vanishes, small enough that activations of a few hundred features stay in L2.
constexpr std::size_t largest_chunk = 512;

}  // namespace

Evaluation evaluation_of(const BatchResult& sum, std::size_t samples, std::size_t outputs, bool classification) {
    const double n = static_cast<double>(samples);
    return {.loss = sum.loss / n,
            .score = classification ? static_cast<double>(sum.correct) / n : std::sqrt(sum.squared_error / (n * static_cast<double>(outputs)))};
}

BatchGatherer::BatchGatherer(std::size_t largest_batch, std::size_t outputs, bool classification)
    : outputs_(outputs), classification_(classification), labels_(classification ? largest_batch : 0),
      values_(classification ? 0 : largest_batch * outputs) {}

TargetBatch BatchGatherer::gather(const Part& part, std::span<const std::uint32_t> rows, Model& model) {
    part.gather(rows, model.input(), model.input_stride());
    return targets(part, rows);
}

TargetBatch BatchGatherer::gather_augmented(const Part& part, std::span<const std::uint32_t> rows, const AugmentationKey& key, Model& model) {
    part.gather_augmented(rows, model.input(), model.input_stride(), key);
    return targets(part, rows);
}

TargetBatch BatchGatherer::targets(const Part& part, std::span<const std::uint32_t> rows) {
    if (classification_) {
        for (std::size_t i = 0; i < rows.size(); ++i) labels_[i] = part.label(rows[i]);
        return {.labels = {labels_.data(), rows.size()}, .values = {}};
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (std::size_t k = 0; k < outputs_; ++k) values_[i * outputs_ + k] = part.target(rows[i]);
    return {.labels = {}, .values = {values_.data(), rows.size() * outputs_}};
}

std::vector<std::size_t> evaluation_sizes(std::size_t count) {
    if (count == 0) return {};
    if (count <= largest_chunk) return {count};
    if (count % largest_chunk == 0) return {largest_chunk};
    return {largest_chunk, count % largest_chunk};
}

Evaluator::Evaluator(const Part& part, std::size_t outputs, bool classification)
    : part_(part), outputs_(outputs), classification_(classification), rows_(part.count()),
      gatherer_(std::min(part.count(), largest_chunk), outputs, classification) {
    std::iota(rows_.begin(), rows_.end(), 0u);
}

Evaluation Evaluator::run(Model& model) {
    BatchResult sum;
    const std::span<const std::uint32_t> all = rows_;
    for (std::size_t start = 0; start < all.size(); start += largest_chunk) {
        const auto rows = all.subspan(start, std::min(largest_chunk, all.size() - start));
        const BatchResult chunk = model.evaluate(gatherer_.gather(part_, rows, model), rows.size());
        sum.loss += chunk.loss;
        sum.correct += chunk.correct;
        sum.squared_error += chunk.squared_error;
    }
    return evaluation_of(sum, all.size(), outputs_, classification_);
}

}  // namespace etude
