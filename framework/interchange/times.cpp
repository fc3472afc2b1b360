#include "interchange/times.hpp"

#include <fmt/format.h>

#include <cmath>
#include <ctime>

namespace etude {

double epoch_seconds(const std::string& utc) {
    std::tm parts{};
    const char* end = ::strptime(utc.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return end != nullptr && *end == '\0' ? static_cast<double>(::timegm(&parts)) : 0;
}

std::string iso_time(double seconds) {
    const auto microseconds = static_cast<long long>(std::llround(seconds * 1e6));
    const std::time_t whole = microseconds / 1'000'000;
    std::tm parts{};
    ::gmtime_r(&whole, &parts);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                       parts.tm_min, parts.tm_sec, microseconds % 1'000'000);
}

}  // namespace etude
