#include "train/early_stop.hpp"

#include "train/metrics.hpp"

namespace etude {

const Schema& early_stop_schema() {
    static const Schema schema{
        text("metric", "", "What is watched: validation_loss where there is a validation part, else test_loss, unless given."),
        required(integer("patience", 1, closed(1, 1e6), "Epochs in a row without improvement that end the trial.")),
        real("min_delta", 0, at_least(0), "What is better by no more is no improvement."),
        integer("min_epochs", 1, closed(1, 1e6), "A trial never ends before so many epochs."),
    };
    return schema;
}

EarlyStopSpec early_stop_of(const Values& values) {
    return {values.word("metric"), static_cast<std::uint64_t>(values.integer("patience")), values.real("min_delta"),
            static_cast<std::uint64_t>(values.integer("min_epochs"))};
}

EarlyStop::EarlyStop(const EarlyStopSpec& spec) : spec_(spec), smaller_is_better_(smaller_is_better(spec.metric)) {}

bool EarlyStop::add(float value) {
    const double now = value;
    ++epochs_;
    const bool improves = !best_ || (smaller_is_better_ ? now < *best_ - spec_.min_delta : now > *best_ + spec_.min_delta);
    if (improves) best_ = now;
    waited_ = improves ? 0 : waited_ + 1;
    return waited_ >= spec_.patience && epochs_ >= spec_.min_epochs;
}

}  // namespace etude
