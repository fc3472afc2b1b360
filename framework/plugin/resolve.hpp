// framework/plugin/resolve.hpp - from what a study gives to a whole configuration: presets, defaults, ratios, defaults that depend on others.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/registry.hpp"
#include "plugin/spec.hpp"

namespace etude {

/// One given parameter, already of its declared type and inside its range: key as written, `end` or `end_ratio`.
struct GivenValue {
    std::string key;
    Value value;
};

/// A problem of the configuration as a whole; `key` names the given parameter it belongs to, or is empty (then it is the mapping's).
struct ResolveProblem {
    std::string key, message, hint;
};

template <class Spec> struct Resolution {
    Spec spec;
    std::vector<ResolveProblem> problems;  ///< empty: spec is good
};

/// Order: declared defaults, preset, given values; then defaults that are multiples of another parameter or of the base rate; then the
/// plugin's own check() through `create`. `lr`: the study's, else the preset's, else the table's; with none, a problem.
Resolution<OptimizerSpec> resolve_optimizer(const Plugin& plugin, std::string_view preset, std::optional<double> lr,
                                            const std::vector<GivenValue>& given);
/// `base_lr` turns `_ratio` into absolute rates. Unit, ends and after come from the preset unless given.
struct GivenTime {
    std::optional<ScheduleUnit> unit;
    std::optional<Ends> ends;
    std::optional<After> after;
    std::optional<ScheduleUnit> inherited_unit = {};  ///< of the schedule around it: holds where neither mapping nor preset has a unit
};
Resolution<ScheduleSpec> resolve_schedule(const Plugin& plugin, std::string_view preset, double base_lr, const GivenTime& time,
                                          const std::vector<GivenValue>& given);

}  // namespace etude
