#include "layers/dropout.hpp"

#include "base/aligned.hpp"

namespace etude {
namespace {

class BoundDropout final : public BoundLayer {
  public:
    BoundDropout(double rate, const Binding& b)
        : rate_(static_cast<float>(rate)), scale_(static_cast<float>(1 / (1 - rate))), b_(b), mask_(b.dst.floats()) {}

    void forward(std::uint64_t update) override {
        Rng rng(b_.seed, "dropout", update, b_.place);
        const std::uint64_t low = rng.bits(), high = rng.bits();
        b_.kernels->dropout_mask(high << 32 | low, rate_, scale_, mask_.data(), mask_.size());
        b_.kernels->multiply(b_.src.data, mask_.data(), b_.dst.data, b_.dst.floats());
    }
    void backward() override {
        if (b_.diff_src) b_.kernels->multiply(b_.diff_dst.data, mask_.data(), b_.diff_src.data, b_.diff_src.floats());
    }
    void describe(std::vector<std::string>& lines) const override { lines.push_back(b_.name + ": " + std::string(b_.kernels->name)); }

  private:
    float rate_, scale_;
    Binding b_;
    AlignedBuffer<float> mask_;  // laid out as dst
};

class Dropout final : public LayerType {
  public:
    Dropout()
        : LayerType({"dropout",
                     "Sets values to 0 at random while training and scales the others up by 1 / (1 - rate).",
                     "Srivastava et al. 2014, JMLR 15:1929",
                     {required(real("rate", 0.5, right_open(0, 1), "Probability that a value is set to 0; 0 turns it off."))}}) {}

    bool is_identity(const Component& layer, Pass pass) const override { return pass == Pass::evaluation || layer.values.real("rate") == 0; }
    std::unique_ptr<BoundLayer> bind(const Component& layer, const Binding& b) const override {
        return std::make_unique<BoundDropout>(layer.values.real("rate"), b);
    }
};

}  // namespace

std::unique_ptr<LayerType> make_dropout() { return std::make_unique<Dropout>(); }

}  // namespace etude
