// framework/plugin/configuration.hpp - a plugin's configuration in memory of the host, made by its `create`, ended by its `destroy`.
#pragma once
#include <cstddef>
#include <string>

#include "base/aligned.hpp"
#include "plugin/registry.hpp"
#include "plugin/values.hpp"

namespace etude {

/// Not called Configuration: that is a configuration of a study (train/plan.hpp).
class PluginConfiguration {
  public:
    /// Throws Error with the plugin's own words (its check()), after "optimizer 'x': ".
    PluginConfiguration(const Plugin& plugin, const Values& values, const TimeScale& time);
    PluginConfiguration(const PluginConfiguration&) = delete;
    PluginConfiguration& operator=(const PluginConfiguration&) = delete;
    ~PluginConfiguration();
    const void* self() const { return place_.data(); }
    /// Makes it again in its place with another value of one real parameter. Allocates nothing of ours. Throws Error where the value is outside
    /// its range or the plugin refuses it; then only destruction is left.
    void set(std::size_t parameter, double value);

  private:
    void create();

    const Plugin& plugin_;
    ArgumentList arguments_;         // first member: outlives what `create` made of it
    AlignedBuffer<std::byte> place_;
    void (*destroy_)(void*) = nullptr;
};

/// "optimizer 'adam'", for messages.
std::string title(const Plugin& plugin);
/// What a plugin wrote into `error`, or "it gives no reason".
std::string reason_of(const etude_error& error);

}  // namespace etude
