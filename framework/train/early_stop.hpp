// framework/train/early_stop.hpp - a trial that ends when a metric no longer improves.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/value.hpp"

namespace etude {

/// `early_stop: {metric: validation_loss, patience: 5}`. Part of a trial: it decides what the trial's numbers are.
struct EarlyStopSpec {
    std::string metric;
    std::uint64_t patience = 1;    ///< epochs without improvement that end the trial
    double min_delta = 0;          ///< what is better by no more is no improvement
    std::uint64_t min_epochs = 1;  ///< never before so many epochs
    bool operator==(const EarlyStopSpec&) const = default;
};
const Schema& early_stop_schema();
/// `values` are of the schema; the metric may be empty.
EarlyStopSpec early_stop_of(const Values& values);

/// Looks at the metric epoch by epoch, in the precision of the record's curves: a trial that is continued from its record decides the same.
/// As Keras's EarlyStopping and PyTorch Lightning's: the trial ends with the epoch that is the `patience`-th in a row without improvement on the
/// best value by more than `min_delta`. Unlike Keras's start_from_epoch, min_epochs forbids to end, and the epochs before it count.
class EarlyStop {
  public:
    explicit EarlyStop(const EarlyStopSpec& spec);
    /// The value after the next epoch; true when the trial ends with it.
    bool add(float value);

  private:
    EarlyStopSpec spec_;
    bool smaller_is_better_;
    std::optional<double> best_;
    std::uint64_t epochs_ = 0, waited_ = 0;
};

}  // namespace etude
