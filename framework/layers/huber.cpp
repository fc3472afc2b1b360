// huber: the mean over the outputs of h(prediction - value), h(e) = e^2 / 2 up to |e| = delta and delta (|e| - delta / 2) beyond (Huber 1964), as in
// Keras and PyTorch's HuberLoss; PyTorch's SmoothL1Loss is this divided by delta.
#include "base/aligned.hpp"
#include "layers/loss.hpp"

namespace etude {
namespace {

class Bound final : public BoundLoss {
  public:
    Bound(double delta, const LossBinding& binding) : delta_(static_cast<float>(delta)), b_(binding), values_(binding.outputs.floats()) {}

    LossSums compute(const Targets& targets) override {
        const View& y = b_.outputs;
        b_.kernels->transpose(targets.values.data(), y.features, y.samples, y.features, values_.data(), y.stride);
        return b_.kernels->huber(b_.input(), values_.data(), delta_);
    }

  private:
    float delta_;
    LossBinding b_;
    AlignedBuffer<float> values_;  // [outputs, samples]
};

class Type final : public LossType {
  public:
    Type()
        : LossType({"huber",
                    "Half the squared difference where it is small, linear where it is large.",
                    "Huber 1964, Ann. Math. Stat. 35:73",
                    {real("delta", 1.0, above(0), "Difference at which the square becomes a line.")}}) {}

    std::optional<Misfit> misfit(std::size_t outputs, std::size_t classes) const override { return regression_misfit("huber", outputs, classes); }
    std::unique_ptr<BoundLoss> bind(const Values& values, const LossBinding& binding) const override {
        return std::make_unique<Bound>(values.real("delta"), binding);
    }
};

}  // namespace

std::unique_ptr<LossType> make_huber() { return std::make_unique<Type>(); }

}  // namespace etude
