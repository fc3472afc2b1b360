// framework/interchange/again.hpp - trials from what was kept of them: their resolved configuration and seed, read and run again.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/catalogue.hpp"
#include "plugin/registry.hpp"
#include "train/plan.hpp"
#include "train/record.hpp"
#include "train/trial.hpp"

namespace etude {

struct KeptTrial {
    std::string id;
    std::uint64_t seed = 0;
    std::string resolved;  ///< YAML of the trial without its seed
};

/// `count` of `all` places, spread evenly from the first to the last; all of them for nothing.
std::vector<std::size_t> spread_over(std::size_t all, const std::optional<std::size_t>& count);

struct TrialAgain {
    TrialSpec spec;
    std::string id;        ///< it has here and now: another one when the bytes of plugins or data, or the framework's numerics, are others
};

/// In the order of `trials`. `metric`: of their study. Throws DiagnosticsError or Error when one cannot be read here (a plugin is missing, or
/// no longer takes a parameter); the message calls the text by `name`.
std::vector<TrialAgain> read_again(const std::vector<KeptTrial>& trials, const MetricSpec& metric, const std::string& name, Registry& registry,
                                   const DataPaths& data);

/// Trains them all, several at a time; records in the order of `trials`.
std::vector<Record> run_again(const std::vector<TrialAgain>& trials, Registry& registry, const DataPaths& data, std::size_t workers);

}  // namespace etude
