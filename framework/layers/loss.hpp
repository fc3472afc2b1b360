// framework/layers/loss.hpp - what a loss is: declared keys, what it asks of network and data, and the loss bound to buffers.
//
// A loss reads the last layer's outputs in Layout::columns and writes the derivative of the mean over the batch beside them. One file a loss.
#pragma once
#include <memory>
#include <optional>
#include <span>

#include "base/value.hpp"
#include "layers/kernels.hpp"
#include "layers/layer.hpp"

namespace etude {

/// What is to be predicted for one batch; see TargetBatch in model/model.hpp.
struct Targets {
    std::span<const std::int32_t> labels;
    std::span<const float> values;  ///< [samples, outputs]
};

class BoundLoss {
  public:
    virtual ~BoundLoss() = default;
    /// Sums over the samples; fills the derivatives if the binding has a place for them.
    virtual LossSums compute(const Targets& targets) = 0;
};

/// The last layer's outputs and their derivatives (no memory: not wanted), both in Layout::columns.
struct LossBinding {
    View outputs, diff;
    const Kernels* kernels = nullptr;
    LossInput input() const { return {outputs.data, diff.data, outputs.stride, outputs.features, outputs.samples}; }
};

class LossType {
  public:
    explicit LossType(Kind kind) : kind_(std::move(kind)) {}
    virtual ~LossType() = default;
    const Kind& kind() const { return kind_; }

    /// `outputs` of the last layer; `classes` of the data, 0 for regression.
    virtual std::optional<Misfit> misfit(std::size_t outputs, std::size_t classes) const = 0;
    virtual std::unique_ptr<BoundLoss> bind(const Values& values, const LossBinding& binding) const = 0;

  private:
    Kind kind_;
};

/// nullptr when there is no such loss.
const LossType* loss_type(std::string_view name);

/// What a loss of numbers asks of network and data.
std::optional<Misfit> regression_misfit(const std::string& loss, std::size_t outputs, std::size_t classes);

std::unique_ptr<LossType> make_softmax_cross_entropy();
std::unique_ptr<LossType> make_binary_cross_entropy();
std::unique_ptr<LossType> make_mean_squared_error();
std::unique_ptr<LossType> make_huber();

}  // namespace etude
