// framework/interchange/times.hpp - the store's times of day as numbers and back.
#pragma once
#include <string>

namespace etude {

/// Seconds since 1970 of "2026-11-21T08:00:00Z"; 0 for a text that is no such time (a result without one).
double epoch_seconds(const std::string& utc);
/// "2026-11-21T08:00:00.000000", in UTC, to the microsecond.
std::string iso_time(double seconds);

}  // namespace etude
