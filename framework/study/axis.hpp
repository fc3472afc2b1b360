// framework/study/axis.hpp - one axis of a sweep: a list of values, or a rule that makes one.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "study/path.hpp"

namespace etude {

struct AxisValue {
    Node value;        ///< without `as`
    std::string name;  ///< `as: NAME` of a swept mapping, or empty
};

/// The values that one path takes. `key_place`: where the path is written.
struct Track {
    Path path;
    Place key_place;
    std::vector<AxisValue> values;
};

/// Paths that move together (`zip`); usually one.
struct Axis {
    std::vector<Track> tracks;
    std::size_t size() const { return tracks.front().values.size(); }
};

/// `path: [values]`, `path: {log: [lo, hi], points: n}`, `{linear: ...}`, `{one_minus_log: ...}`, `{values: [...]}`; nothing after an error.
std::optional<Track> read_track(const Entry& entry, Diagnostics& diagnostics);

/// `count` >= 2 points from `lo` to `hi`, both ends as they are, the others rounded to 12 significant digits.
enum class Spacing { linear, log, one_minus_log };
std::vector<double> spaced(Spacing spacing, double lo, double hi, std::size_t count);

}  // namespace etude
