// framework/study/range_study.hpp - what a study with `range_test:` leaves out: everything that says how high the rate is.
#pragma once
#include "base/diagnostics.hpp"
#include "study/tree.hpp"

namespace etude {

/// With `range_test:` in `root`: takes away schedule, schedules, metric, target and the sweep's axes over rate, schedules and epochs (with a warning
/// at each axis), and sets the base rate to what the ramp begins with. What then differs in nothing is one configuration. Else does nothing.
void leave_out_rates(Node& root, Diagnostics& diagnostics);

}  // namespace etude
