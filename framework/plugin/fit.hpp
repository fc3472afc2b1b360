// framework/plugin/fit.hpp - what of a schedule does not fit its run: legal, and probably not meant.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "plugin/bound.hpp"
#include "plugin/spec.hpp"

namespace etude {

struct FitWarning {
    enum class Reason { cut_off, milestone, warmup, never_begins, first_rate, split_warmup, absolute } reason;
    std::string message, hint;
};

/// Lengths against the time that each schedule of the tree has: it ends before its length or its cycle does, a milestone lies after the end,
/// a warm-up is longer than the time, a part of a sequence never begins. `base` is what the factor multiplies. What a `switch_when` comes to later
/// has no known time and is left out. `step`: what messages call an update of the run.
std::vector<FitWarning> fit_warnings(const SchedulePlugins& plugins, const ScheduleSpec& spec, double base, const RunLength& length,
                                     std::string_view step = "update");

/// Do both give the same rates in every update of the run, although their bases differ?
bool same_rates(const SchedulePlugins& plugins, const ScheduleSpec& a, double base_a, const ScheduleSpec& b, double base_b, const RunLength& length,
                std::uint64_t seed);

}  // namespace etude
