// tests/wrappers/settings.hpp - wrappers written as `ema decay=0.9;warmup=count + cautious`, and optimizers from the shipped plugins.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "plugin/registry.hpp"
#include "plugin/spec.hpp"
#include "wrappers/wrapped_optimizer.hpp"

namespace etude::test {

/// The shipped optimizers.
Registry shipped_optimizers();

/// `momentum=0.9` with the defaults of the plugin for the rest; wrappers with those of their kinds. Anything unknown fails the test.
OptimizerSpec wrapped_spec(const Plugin& plugin, double lr, std::string_view parameters, std::string_view wrappers);

/// For what must not look around.
class NoSurface : public BatchLoss {
  public:
    double loss(std::span<const float> point) override;
    double gradient(std::span<const float> point, std::span<float> gradients) override;
};

}  // namespace etude::test
