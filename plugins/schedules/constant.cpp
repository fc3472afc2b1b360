#include <etude/plugin.hpp>

/// lr = base
/// PyTorch's ConstantLR is something else: a factor (1/3) for the first updates, a warm-up of shape `constant` here.
struct Constant {
    static constexpr auto name = "constant";
    static constexpr auto summary = "The base rate throughout.";
    static constexpr auto source = "";
    static constexpr auto params() { return std::tuple{}; }
    double factor(const etude::Clock&) const { return 1.0; }
};
ETUDE_PLUGIN(Constant)
