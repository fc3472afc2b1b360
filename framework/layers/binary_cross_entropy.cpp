// binary_cross_entropy: -(y log p + (1 - y) log(1 - p)) with p = sigmoid(z), in nats, from one logit z; class 1 is predicted for z > 0. Computed as
// max(z, 0) - z y + log(1 + e^-|z|), in which nothing overflows.
#include "layers/loss.hpp"

namespace etude {
namespace {

class Bound final : public BoundLoss {
  public:
    explicit Bound(const LossBinding& binding) : b_(binding) {}

    LossSums compute(const Targets& targets) override { return b_.kernels->binary_cross_entropy(b_.input(), targets.labels.data()); }

  private:
    LossBinding b_;
};

class Type final : public LossType {
  public:
    Type() : LossType({"binary_cross_entropy", "Cross-entropy of two classes from one logit.", "Goodfellow et al. 2016, sec. 6.2.2.2", {}}) {}

    std::optional<Misfit> misfit(std::size_t outputs, std::size_t classes) const override {
        if (classes == 0) return Misfit{"`binary_cross_entropy` needs two classes; the data has numbers to predict", "use mean_squared_error"};
        if (classes != 2)
            return Misfit{"`binary_cross_entropy` needs two classes; the data has " + std::to_string(classes), "use softmax_cross_entropy"};
        if (outputs == 1) return std::nullopt;
        return Misfit{"`binary_cross_entropy` needs one output; the last layer has " + std::to_string(outputs),
                      outputs == 2 ? "give the last layer 1 unit, or use softmax_cross_entropy" : "give the last layer 1 unit"};
    }
    std::unique_ptr<BoundLoss> bind(const Values&, const LossBinding& binding) const override { return std::make_unique<Bound>(binding); }
};

}  // namespace

std::unique_ptr<LossType> make_binary_cross_entropy() { return std::make_unique<Type>(); }

}  // namespace etude
