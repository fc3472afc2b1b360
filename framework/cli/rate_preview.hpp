// framework/cli/rate_preview.hpp - a schedule as a picture shows it: over a run that is long enough for it, with examples for what must be given.
#pragma once
#include <string>
#include <vector>

#include "plugin/bound.hpp"
#include "plugin/registry.hpp"

namespace etude::cli {

/// The run of every picture: 100 epochs of 100 updates, at base rate 1.
inline const RunLength preview_run{.updates = 10'000, .per_epoch = 100};

struct RatePreview {
    std::string spec;           ///< as a study writes it: "{name: step, size: {epochs: 30}}"
    bool observes = false;      ///< it was told a loss that falls for 40 epochs and then stays
    std::vector<double> rates;  ///< [updates]
};
/// Of the defaults, or of an example where they draw little or something must be given; of a plugin of your own with made-up values for that.
/// Throws Error or DiagnosticsError when the plugin refuses these.
RatePreview preview_rates(const Plugin& schedule, Registry& registry);

}  // namespace etude::cli
