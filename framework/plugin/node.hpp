// framework/plugin/node.hpp - a bound schedule is a small tree: a plugin at each leaf, the host's own means (warm-up, ...) around it.
//
// A node counts its own updates from 0; its parent subtracts what came before. Nodes belong to one trial and its thread.
#pragma once
#include <cstdint>
#include <span>

#include "base/archive.hpp"
#include "sdk/abi.h"

namespace etude {

/// An update of the run, and which one it is for this node.
struct Moment {
    std::uint64_t local = 0, update = 0;
};

class ScheduleNode {
  public:
    ScheduleNode() = default;
    ScheduleNode(const ScheduleNode&) = delete;
    ScheduleNode& operator=(const ScheduleNode&) = delete;
    virtual ~ScheduleNode() = default;

    /// The multiplier of the base. Throws PluginFailure when the plugin reports an error; what the number is, is checked at the root.
    virtual double factor(Moment moment) = 0;
    /// Whether reports change anything.
    virtual bool observes() const = 0;
    /// `done` updates of this node are over. `ticks` of the report are filled in by the leaf, in its own unit.
    virtual void observe(etude_report& report, std::uint64_t done) = 0;
    /// The plugin's state; of several, one after the other.
    virtual std::span<const double> state() const = 0;
    /// Saves or restores all that reports and earlier factors have left.
    virtual void exchange(Archive& archive) = 0;
};

}  // namespace etude
