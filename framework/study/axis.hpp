// framework/study/axis.hpp - one axis of a sweep: a list of values, or a rule that makes one.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "study/draws.hpp"
#include "study/path.hpp"

namespace etude {

struct AxisValue {
    Node value;          ///< without `as`
    std::string name;    ///< `as: NAME` of a swept mapping, or empty
    bool given = true;   ///< false in a case that leaves the path alone
};

/// `when: {path: value, path: [value, value]}`: all of the paths have one of their values.
struct AxisCondition {
    struct Part {
        Path path;
        std::vector<Node> values;
        Place place;
    };
    std::vector<Part> parts;
    Place place;
};

/// `{log_uniform: [lo, hi], draws: n, seed: s}`: what is still to be drawn. `choice` draws from a list of values.
struct Draw {
    std::optional<Distribution> distribution;  ///< of numbers; empty: `choices`
    std::vector<Node> choices;
    std::optional<std::size_t> draws;
    std::optional<std::uint64_t> seed;
    Place place, draws_place;
    /// The value at a place in [0, 1).
    Node at(double share) const;
};

/// The values that one path takes. `key_place`: where the path is written.
struct Track {
    Path path;
    Place key_place;
    std::vector<AxisValue> values;
    std::optional<AxisCondition> when = {};
    std::optional<Draw> draw = {};  ///< then `values` are drawn by whoever knows how many there are
};

/// Paths that move together (`zip`, `cases`, what is drawn); usually one.
struct Axis {
    enum class Kind { plain, drawn, cases } kind = Kind::plain;
    std::vector<Track> tracks;
    std::vector<std::string> names = {};  ///< of cases: `as: NAME`, or empty
    std::size_t size() const { return tracks.front().values.size(); }
};

/// `path: [values]`, `path: {log: [lo, hi], points: n}`, `{linear: ...}`, `{one_minus_log: ...}`, `{values: [...]}`, or a draw; a mapping
/// may have `when`. Nothing after an error.
std::optional<Track> read_track(const Entry& entry, Diagnostics& diagnostics);
/// The value of a path in a case: any value, with `as` where it is a mapping. Nothing after an error.
std::optional<AxisValue> read_case_value(const Entry& entry, Diagnostics& diagnostics);
/// `as: NAME`; "" after an error.
std::string read_as(const Node& node, Diagnostics& diagnostics);
/// `draws` and `seed`, of an axis, a block or a halton group; nothing after an error.
std::optional<std::size_t> read_draws(const Node& node, const std::string& name, Diagnostics& diagnostics);
std::optional<std::uint64_t> read_draw_seed(const Node& node, Diagnostics& diagnostics);

/// `count` >= 2 points from `lo` to `hi`, both ends as they are, the others rounded to 12 significant digits.
enum class Spacing { linear, log, one_minus_log };
std::vector<double> spaced(Spacing spacing, double lo, double hi, std::size_t count);

}  // namespace etude
