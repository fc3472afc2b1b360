#include "layers/activation.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include "base/error.hpp"

namespace etude {

std::span<const std::string> activations() {
    static const std::vector<std::string> names = {"elu", "gelu", "leaky_relu", "relu", "sigmoid", "softplus", "swish", "tanh"};
    return names;
}

Activation activation_of(std::string_view name) {
    if (name == "none") return Activation::none;
    const auto names = activations();
    const auto found = std::ranges::find(names, name);
    ETUDE_ASSERT(found != names.end(), "no activation '" + std::string(name) + "'");
    return static_cast<Activation>(1 + std::distance(names.begin(), found));
}

}  // namespace etude
