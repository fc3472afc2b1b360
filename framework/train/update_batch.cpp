#include "train/update_batch.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "wrappers/kernels.hpp"

namespace etude {

UpdateBatch::UpdateBatch(Model& model, const Part& part, bool classification, Pieces pieces, bool looks_around)
    : model_(model), part_(part), pieces_(pieces), largest_batch_(pieces.batch), isa_(chosen_isa()),
      gatherer_(std::min<std::size_t>(pieces.batch, part.count()), model.outputs(), classification),
      total_(pieces.count > 1 ? model.weights().size() : 0), home_weights_(looks_around ? model.weights().size() : 0),
      home_gradients_(looks_around ? model.weights().size() : 0) {}

void UpdateBatch::set_batch(std::uint64_t batch) {
    ETUDE_ASSERT(batch > 0 && batch <= largest_batch_, "a larger batch than was announced");
    pieces_.batch = batch;
}

BatchResult UpdateBatch::run(std::span<const std::uint32_t> rows, std::uint64_t update, const AugmentationKey& augmentation) {
    ETUDE_ASSERT(rows.size() <= pieces_.batch * pieces_.count, "more samples than an update has");
    look_at(rows, update, augmentation);
    return sums(Pass::forward_and_backward, RunningEstimates::follow);
}

void UpdateBatch::look_at(std::span<const std::uint32_t> rows, std::uint64_t update, const AugmentationKey& augmentation) {
    rows_ = rows;
    update_ = update;
    augmentation_ = augmentation;
}

BatchResult UpdateBatch::sums(Pass pass, RunningEstimates estimates) {
    BatchResult result;
    const std::size_t all = rows_.size();
    const bool adds_up = pass == Pass::forward_and_backward && all > pieces_.batch;
    if (adds_up) std::ranges::fill(total_.span(), 0.0);
    std::uint64_t key = update_ * pieces_.count;  // of the masks: a piece of its own each, the update itself where there is one
    for (std::size_t first = 0; first < all; first += pieces_.batch, ++key) {
        const auto rows = rows_.subspan(first, std::min<std::size_t>(pieces_.batch, all - first));
        const TargetBatch targets = gatherer_.gather_augmented(part_, rows, augmentation_, model_);
        const BatchResult piece = pass == Pass::forward ? model_.forward(targets, rows.size(), key, estimates)
                                                        : model_.train(targets, rows.size(), key, estimates);
        result.loss += piece.loss;
        result.correct += piece.correct;
        result.squared_error += piece.squared_error;
        if (!adds_up) continue;
        detail::run_for(isa_, [total = total_.data(), g = model_.gradients().data(), n = total_.size(), samples = static_cast<double>(rows.size())] {
            for (std::size_t i = 0; i < n; ++i) total[i] += samples * g[i];
        });
    }
    if (adds_up)
        detail::run_for(isa_, [total = total_.data(), g = model_.gradients().data(), n = total_.size(), samples = static_cast<double>(all)] {
            for (std::size_t i = 0; i < n; ++i) g[i] = static_cast<float>(total[i] / samples);
        });
    return result;
}

/// Evaluates with `point` in the place of the weights; both buffers are afterwards as they were.
template <class F> double UpdateBatch::at(std::span<const float> point, F&& evaluate) {
    ETUDE_ASSERT(home_weights_.size() == point.size(), "a look around that was not announced");
    const std::span<float> weights = model_.weights(), gradients = model_.gradients();
    std::ranges::copy(weights, home_weights_.data());
    std::ranges::copy(gradients, home_gradients_.data());
    std::ranges::copy(point, weights.begin());
    const BatchResult result = evaluate();
    std::ranges::copy(home_weights_.span(), weights.begin());
    std::ranges::copy(home_gradients_.span(), gradients.begin());
    return result.loss / static_cast<double>(rows_.size());
}

double UpdateBatch::loss(std::span<const float> point) {
    return at(point, [this] { return sums(Pass::forward, RunningEstimates::keep); });
}

double UpdateBatch::gradient(std::span<const float> point, std::span<float> gradients) {
    const bool is_in_place = gradients.data() == model_.gradients().data();
    const double loss = at(point, [&] {
        const BatchResult result = sums(Pass::forward_and_backward, RunningEstimates::keep);
        std::ranges::copy(model_.gradients(), is_in_place ? home_gradients_.data() : gradients.data());
        return result;
    });
    return loss;
}

}  // namespace etude
