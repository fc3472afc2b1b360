// softmax_cross_entropy: -sum over the classes of t log softmax(z), in nats, from logits z. The target t is 1 - s + s/C for the sample's class and
// s/C for the others, s the label smoothing (Szegedy et al. 2016, sec. 7). The largest logit is taken off first, so that 1e4 does not overflow.
#include "layers/loss.hpp"

namespace etude {
namespace {

class Bound final : public BoundLoss {
  public:
    Bound(double smoothing, const LossBinding& binding) : smoothing_(static_cast<float>(smoothing)), b_(binding) {}

    LossSums compute(const Targets& targets) override { return b_.kernels->softmax_cross_entropy(b_.input(), targets.labels.data(), smoothing_); }

  private:
    float smoothing_;
    LossBinding b_;
};

class Type final : public LossType {
  public:
    Type()
        : LossType({"softmax_cross_entropy",
                    "Cross-entropy of the softmax of the logits, one output a class.",
                    "Goodfellow et al. 2016, sec. 6.2.2.3",
                    {real("label_smoothing", 0.0, right_open(0, 1), "Share of a target that is spread evenly over the classes; 0 turns it off.")}}) {}

    std::optional<Misfit> misfit(std::size_t outputs, std::size_t classes) const override {
        if (classes == 0) return Misfit{"`softmax_cross_entropy` needs classes; the data has numbers to predict", "use mean_squared_error"};
        if (outputs == classes) return std::nullopt;
        return Misfit{"the last layer has " + std::to_string(outputs) + (outputs == 1 ? " output" : " outputs") + "; the data has " +
                          std::to_string(classes) + " classes",
                      outputs == 1 && classes == 2 ? "use binary_cross_entropy, or give the last layer 2 units"
                                                   : "give the last layer " + std::to_string(classes) + " units"};
    }
    std::unique_ptr<BoundLoss> bind(const Values& values, const LossBinding& binding) const override {
        return std::make_unique<Bound>(values.real("label_smoothing"), binding);
    }
};

}  // namespace

std::unique_ptr<LossType> make_softmax_cross_entropy() { return std::make_unique<Type>(); }

}  // namespace etude
