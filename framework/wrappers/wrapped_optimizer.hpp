// framework/wrappers/wrapped_optimizer.hpp - an optimizer with all that a study puts around it.
// Threads: made, used and destroyed on one thread.
#pragma once
#include <cstdint>
#include <memory>
#include <span>

#include "plugin/batch_loss.hpp"
#include "plugin/bound.hpp"

namespace etude {

/// One update, from the gradient of its samples (accumulate has added them up) to the weights to evaluate at, in this order:
///   sam         the gradient is that near the weights where the loss is worst
///   centralize  rows of the gradient have mean 0
///   clip        norm, value or adaptive
///   the optimizer's step, weight decay included
///   cautious    parts of it that go up the gradient are undone
///   lookahead   every k updates slow weights go part of the way
///   ema, swa or polyak_average of the weights
/// Buffers are allocated in the constructor; an update allocates nothing.
class WrappedOptimizer {
  public:
    WrappedOptimizer(const Plugin& plugin, const OptimizerSpec& spec, std::size_t weight_count, BoundOptimizer::Context context);
    WrappedOptimizer(const WrappedOptimizer&) = delete;
    WrappedOptimizer& operator=(const WrappedOptimizer&) = delete;
    ~WrappedOptimizer();

    /// The optimizer itself, for schedules of its parameters.
    BoundOptimizer& inner();
    /// Do updates look at the loss of their samples at other weights too?
    bool looks_around() const;
    /// Changes `gradients` too. `lr` is the rate of this update, `loss` and `batch` mean loss and number of its samples. `surface` is asked only
    /// where looks_around(). Throws PluginFailure as BoundOptimizer::step.
    void step(std::uint64_t update, double lr, double loss, std::size_t batch, std::span<float> weights, std::span<float> gradients,
              BatchLoss& surface);
    /// Are other weights meant for evaluation than those that are trained? The same throughout a trial.
    bool has_evaluation_point() const;
    /// Writes them as they are after `update`. An average that has not begun is the weights themselves.
    void evaluation_point(std::uint64_t update, std::span<float> weights, std::span<float> point);
    /// Saves or restores what is kept from update to update.
    void exchange(Archive& archive);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace etude
