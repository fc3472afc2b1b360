// framework/plugin/group_stepping.hpp - which stretches of the flat buffer an optimizer is called for, and with which configuration.
//
// Without groups there is one of each: the whole buffer and the optimizer's own configuration.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "plugin/bound.hpp"
#include "plugin/configuration.hpp"

namespace etude {

/// A configuration with the scalars that belong to it.
class BoundGroup {
  public:
    BoundGroup(const Plugin& plugin, const Values& values, double lr_scale, const TimeScale& time);

    const void* self() const { return configuration_->self(); }
    double lr_scale() const { return lr_scale_; }
    /// See BoundOptimizer::scale_parameter.
    void scale_parameter(std::size_t parameter, double factor) { configuration_->set(parameter, reals_[parameter] * factor); }
    /// What a call gets. Each stretch of a group gets the scalars as before the update; those that its first one leaves are kept (sdk/abi.h).
    double* scalars_for(bool is_first);
    /// As the last update left them.
    double* evaluation_scalars() { return scalars_.data(); }
    std::span<const double> scalars() const { return scalars_; }
    void exchange(Archive& archive) { archive.items(std::span(scalars_)); }

  private:
    std::unique_ptr<PluginConfiguration> configuration_;
    std::vector<double> reals_;  ///< as configured, one per parameter; NaN for what is no real number
    double lr_scale_;
    std::vector<double> scalars_, before_, spare_;
};

/// Neighbouring tensors of one group.
struct Stretch {
    std::size_t group = 0;  ///< 0: those in none
    bool is_first = false;  ///< of its group
    std::size_t first = 0, count = 0;                ///< weights
    std::size_t first_tensor = 0, tensor_count = 0;
};
/// In the order of the buffer, `weight_count` weights in all. Without groups one, whatever `tensors` says.
std::vector<Stretch> stretches_of(std::span<const etude_tensor> tensors, std::span<const TensorGroup> groups, std::size_t weight_count);

}  // namespace etude
