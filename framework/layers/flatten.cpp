#include "layers/flatten.hpp"

#include "base/error.hpp"

namespace etude {
namespace {

class Flatten final : public LayerType {
  public:
    Flatten() : LayerType({"flatten", "Takes an image as a vector: channel by channel, row by row.", "", {}}) {}

    InputShape output(const Component&, const InputShape& input) const override { return {input.size(), 1, 1}; }
    bool is_identity(const Component&, Pass) const override { return true; }
    std::unique_ptr<BoundLayer> bind(const Component&, const Binding& b) const override {
        detail::report_bug(__FILE__, __LINE__, b.name + " is an identity and is not bound");
    }
};

}  // namespace

std::unique_ptr<LayerType> make_flatten() { return std::make_unique<Flatten>(); }

}  // namespace etude
