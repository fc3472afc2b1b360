// framework/plugin/bound.hpp - an optimizer and a schedule at work in one trial. All their state lies here, in the host.
// Threads: made, used and destroyed on one thread.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/archive.hpp"
#include "base/error.hpp"
#include "plugin/batch_loss.hpp"
#include "plugin/epoch_table.hpp"
#include "plugin/registry.hpp"
#include "plugin/spec.hpp"

namespace etude {

/// How long a run is.
struct RunLength {
    std::uint64_t updates = 0;    ///< of the run
    std::uint64_t per_epoch = 1;  ///< updates in an epoch, in the first one where they differ
    EpochTable epochs = {};       ///< empty where they do not

    std::uint64_t updates_in_epoch_of(std::uint64_t update) const {
        return epochs.is_empty() ? per_epoch : epochs.updates_in(epochs.epoch_of(update));
    }
    auto operator<=>(const RunLength&) const = default;
};

/// A plugin's own error, or numbers it must not return: its text names plugin and update.
class PluginFailure : public Error {
  public:
    using Error::Error;
};

/// Tensors that are stepped with a rate and a configuration of their own.
struct TensorGroup {
    double lr_scale = 1;
    Values values;                     ///< one per declared parameter
    std::vector<std::size_t> tensors;  ///< places in the table of tensors, ascending
};

class BoundOptimizer {
  public:
    struct Context {
        RunLength length;
        std::uint64_t seed = 0, samples = 0;         ///< training samples
        std::vector<etude_tensor> tensors;           ///< of the flat buffer
        std::vector<TensorGroup> groups = {};        ///< no tensor in two; those in none form a group with the optimizer's own values
    };
    BoundOptimizer(const Plugin& plugin, const OptimizerSpec& spec, std::size_t weight_count, Context context);
    BoundOptimizer(const BoundOptimizer&) = delete;
    BoundOptimizer& operator=(const BoundOptimizer&) = delete;
    ~BoundOptimizer();

    /// `lr` is the rate of this update. Throws PluginFailure when the plugin reports an error. Weights that are not finite afterwards are the
    /// trial's business (it diverged), not an error. Allocates nothing.
    void step(std::uint64_t update, double lr, double loss, std::size_t batch, std::span<float> weights, std::span<const float> gradients,
              BatchLoss& surface);
    /// For optimizers that do not look at the loss at other weights.
    void step(std::uint64_t update, double lr, double loss, std::size_t batch, std::span<float> weights, std::span<const float> gradients);
    /// Those that do go over all weights at once: no groups.
    bool probes() const;
    /// The configured value of a real parameter, in each group its own, times `factor`, from the next step on. Allocates nothing. Throws Error where
    /// that value is refused.
    void scale_parameter(std::size_t parameter, double factor);
    /// Methods that average: where to evaluate. False (and `point` untouched) when the weights themselves are meant.
    bool has_evaluation_point() const;
    void evaluation_point(std::uint64_t update, std::span<float> weights, std::span<float> point);
    std::span<const double> scalars() const;  ///< of the weights that are in no group
    /// Saves or restores slots and scalars; what scale_parameter() has set is its caller's.
    void exchange(Archive& archive);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// What a schedule may be told after an epoch (or every n updates). NaN where not known.
struct Metrics {
    double train_loss, train_accuracy, validation_loss, validation_accuracy, test_loss, test_accuracy;
};

/// The plugins of a schedule and of all its children, looked up before a trial begins. They live as long as the process.
class SchedulePlugins {
  public:
    /// Of a schedule that one plugin draws.
    SchedulePlugins(const Plugin& only) : plugins_{&only} {}
    /// Throws as Registry::require.
    SchedulePlugins(Registry& registry, const ScheduleSpec& spec);
    void add(Registry& registry, const ScheduleSpec& spec);
    const Plugin& named(std::string_view name) const;

  private:
    std::vector<const Plugin*> plugins_;
};

class BoundSchedule {
  public:
    /// `base` > 0 is what the factor multiplies. Throws Error when lengths do not fit the run (after: error, mixed-unit milestones out of order).
    BoundSchedule(const SchedulePlugins& plugins, const ScheduleSpec& spec, double base, RunLength length, std::uint64_t seed);
    BoundSchedule(const BoundSchedule&) = delete;
    BoundSchedule& operator=(const BoundSchedule&) = delete;
    ~BoundSchedule();

    /// Factor of update t in [0, updates). Throws PluginFailure naming the update when it is NaN, infinite or negative. Allocates nothing.
    double factor(std::uint64_t update);
    bool observes() const;
    /// The monitored value; effective from the next update. `updates` and `epochs` are done. `smaller_is_better` follows from the metric.
    void observe(double value, bool smaller_is_better, const Metrics& metrics, std::uint64_t updates, std::uint64_t epochs);
    std::span<const double> state() const;
    /// Saves or restores what reports have left.
    void exchange(Archive& archive);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// What a look at the whole run found.
struct ScheduleFindings {
    std::optional<std::string> error;    ///< the first update whose factor is not a finite number at or above 0
    std::optional<std::string> warning;  ///< "rate is 0 at update 0, the first": legal, as half-open warm-ups begin so, but that update is lost
};
/// Evaluates every update before any is made. Schedules that watch are evaluated as if no report ever came, those
/// that a `switch_when` may come to as if they had all of the run. Throws Error, with its hint, where BoundSchedule's constructor does.
ScheduleFindings check_schedule(const SchedulePlugins& plugins, const ScheduleSpec& spec, double base, RunLength length, std::uint64_t seed);

}  // namespace etude
