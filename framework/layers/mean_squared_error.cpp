// mean_squared_error: the mean over the outputs of (prediction - value)^2, as Keras and PyTorch have it: without a factor 1/2.
#include "base/aligned.hpp"
#include "layers/loss.hpp"

namespace etude {
namespace {

class Bound final : public BoundLoss {
  public:
    explicit Bound(const LossBinding& binding) : b_(binding), values_(binding.outputs.floats()) {}

    LossSums compute(const Targets& targets) override {
        const View& y = b_.outputs;
        b_.kernels->transpose(targets.values.data(), y.features, y.samples, y.features, values_.data(), y.stride);
        return b_.kernels->mean_squared_error(b_.input(), values_.data());
    }

  private:
    LossBinding b_;
    AlignedBuffer<float> values_;  // [outputs, samples]
};

class Type final : public LossType {
  public:
    Type() : LossType({"mean_squared_error", "Mean of the squared differences, without a factor 1/2.", "", {}}) {}

    std::optional<Misfit> misfit(std::size_t outputs, std::size_t classes) const override {
        return regression_misfit("mean_squared_error", outputs, classes);
    }
    std::unique_ptr<BoundLoss> bind(const Values&, const LossBinding& binding) const override { return std::make_unique<Bound>(binding); }
};

}  // namespace

std::unique_ptr<LossType> make_mean_squared_error() { return std::make_unique<Type>(); }

}  // namespace etude
