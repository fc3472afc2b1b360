// framework/train/watchers.hpp - the schedules of a trial that are told how it does: each its metric, at its pace.
#pragma once
#include <cstdint>
#include <vector>

#include "plugin/bound.hpp"
#include "plugin/spec.hpp"
#include "train/measurement.hpp"

namespace etude {

class Watchers {
  public:
    /// When a report is made: `updates` and `epochs` are finished.
    struct Moment {
        enum class Kind { within_epoch, end_of_epoch } kind;
        std::uint64_t updates, epochs;
    };

    explicit Watchers(bool classification) : classification_(classification) {}

    /// Both outlive it.
    void add(const MonitorSpec& monitor, BoundSchedule& schedule) { watchers_.push_back({monitor, &schedule}); }
    /// Does one want to know after this update, whether or not it ends an epoch?
    bool want(std::uint64_t updates) const;
    /// Tells those whose pace it is. Those that are told every so many updates are told within the epoch, also after its last update.
    void report(const Measurement& measured, const Moment& moment);

  private:
    struct Watcher {
        const MonitorSpec& monitor;
        BoundSchedule* schedule;
    };

    bool classification_;
    std::vector<Watcher> watchers_;
};

}  // namespace etude
