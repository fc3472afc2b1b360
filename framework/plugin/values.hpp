// framework/plugin/values.hpp - from resolved values to the array that a plugin's `create` reads.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "plugin/epoch_table.hpp"
#include "plugin/spec.hpp"
#include "sdk/abi.h"

namespace etude {

/// Time as one schedule counts it: its unit and the updates it has. Converts what was written into ticks (rule 3 of time).
/// Where epochs differ in length, samples count: epochs and fractions are as long as the samples in them, wherever the schedule begins.
struct TimeScale {
    ScheduleUnit unit = ScheduleUnit::update;
    double per_epoch = 1;  ///< updates of an epoch
    double updates = 1;    ///< S: what fractions are of
    const EpochTable* epochs = nullptr;  ///< of the run, where they differ; with it
    double begin = 0;                    ///< the update of the run with which this time begins
    double epoch_count = 0;              ///< and the epochs that fractions are of

    /// Whole or not; numbers that are whole but for a rounding error are whole, so that {fraction: 0.07} of 100 is reached at 7.
    double in_updates(const Duration& duration) const;
    /// The own update that is so long after `from`.
    double after(double from, const Duration& duration) const;
    double in_ticks(const Duration& duration) const;
    /// Ticks that the first `count` updates are.
    double ticks_of(double count) const;
    double tick() const { return unit == ScheduleUnit::epoch ? 1.0 : ticks_of(1.0); }
    /// The duration in epochs, where it does not count updates.
    std::optional<double> in_epochs(const Duration& duration) const;
    /// Epochs that the first `count` updates are, where epochs differ.
    double epochs_of(double count) const { return epochs->epochs_at(begin + count) - epochs->epochs_at(begin); }
};

/// One etude_value per parameter in declared order, and the storage that lists and texts point into. Lives as long as the configuration.
class ArgumentList {
  public:
    /// Throws Error when a list of lengths in mixed units is not increasing once converted.
    ArgumentList(const Schema& schema, const Values& values, const TimeScale& time);
    ArgumentList(const ArgumentList&) = delete;
    ArgumentList& operator=(const ArgumentList&) = delete;
    const etude_value* data() const { return arguments_.data(); }
    void set_real(std::size_t parameter, double value) { arguments_[parameter].real = value; }

  private:
    etude_value argument(const Parameter& parameter, const Value& value, const TimeScale& time);

    std::vector<etude_value> arguments_;
    std::vector<std::vector<double>> reals_;
    std::vector<std::vector<etude_length>> lengths_;
    std::vector<std::string> texts_;
};

}  // namespace etude
