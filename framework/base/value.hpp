// framework/base/value.hpp - checked values and the tables that declare them.
//
// Everything a study can say is declared once, as a Schema: layers, losses, data sets, training keys, and the parameters of
// plugins (whose C tables are turned into Schemas by plugin/). From a Schema come the checks, `describe`, and the resolved study.
// Values are plain data: comparable, copyable, without pointers.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace etude {

inline constexpr double unbounded = std::numeric_limits<double>::infinity();

enum class TimeUnit { ticks, updates, epochs, fraction };  // same order as etude_unit in sdk/abi.h

/// A length of schedule time as written: `5` (ticks: in the schedule's own unit), `{epochs: 5}`, `{updates: 100}`, `{fraction: 0.1}`.
struct Duration {
    double amount = 0;
    TimeUnit unit = TimeUnit::ticks;
    bool operator==(const Duration&) const = default;
};

enum class ValueType { real, integer, flag, choice, duration, reals, durations, text };

/// monostate: nothing was given and there is no default. A choice is its word; a flag is a bool.
using Value = std::variant<std::monostate, double, std::int64_t, bool, std::string, Duration, std::vector<double>, std::vector<Duration>>;

/// Where a number must lie.
struct Interval {
    double min = -unbounded, max = unbounded;
    bool min_open = false, max_open = false;
    bool contains(double value) const;
    std::string text() const;  ///< "[0, 1)", "(0, inf)"
};
constexpr Interval closed(double min, double max) { return {min, max, false, false}; }
constexpr Interval open(double min, double max) { return {min, max, true, true}; }
constexpr Interval left_open(double min, double max) { return {min, max, true, false}; }
constexpr Interval right_open(double min, double max) { return {min, max, false, true}; }
constexpr Interval at_least(double min) { return {min, unbounded, false, true}; }
constexpr Interval above(double min) { return {min, unbounded, true, true}; }

/// One declared parameter. Made with the functions below and refined with the chained setters.
struct Parameter {
    std::string name;
    ValueType type = ValueType::real;
    Value fallback;                  ///< the default; monostate when there is none
    Interval range;                  ///< of numbers, amounts of durations, elements of lists
    std::string doc;                 ///< one sentence with the unit
    std::vector<std::string> words;  ///< of a choice; of an integer: what may stand in its place
    std::string relative_to;         ///< not empty: the default is `fallback` times that earlier parameter, or times the base ("lr")
    bool required = false;           ///< must be given
    bool rate = false;               ///< same quantity as what is scheduled: `NAME_ratio`, times the base, is accepted too
    bool span = false;               ///< a duration: where the schedule's shape ends
    bool increasing = false;         ///< lists: strictly increasing
};
using Schema = std::vector<Parameter>;

Parameter real(std::string name, double fallback, Interval range, std::string doc);
Parameter integer(std::string name, std::int64_t fallback, Interval range, std::string doc);
Parameter flag(std::string name, bool fallback, std::string doc);
Parameter choice(std::string name, std::string fallback, std::vector<std::string> words, std::string doc);
/// A whole number, or one of some words.
Parameter integer_or(std::string name, std::int64_t fallback, Interval range, std::vector<std::string> words, std::string doc);
Parameter text(std::string name, std::string fallback, std::string doc);
/// Without a default: must be given.
Parameter required(Parameter parameter);
/// Without a default, and may be left out (the value is then monostate).
Parameter optional(Parameter parameter);

/// Something a study names: a layer, a loss, a data set.
struct Kind {
    std::string name, summary, source;
    Schema schema;
    std::vector<std::string> lists{};  ///< keys that hold lists of layers: "body"; each may be left out
};

/// What is wrong with `value` for `parameter` ("beta2 = 1.5 is outside [0, 1)"), or nothing. The value has the parameter's type.
std::optional<std::string> range_problem(const Parameter& parameter, const Value& value);
/// "a number", "an integer", "true or false", "one of: a, b" ... for messages.
std::string type_name(const Parameter& parameter);
/// As written in YAML flow style: 0.1, true, [1, 2], {epochs: 5}; text is quoted where YAML needs it. Equal values, equal text.
std::string value_text(const Value& value);
/// A plain YAML scalar when that reads back as the same text, else double-quoted.
std::string yaml_text(std::string_view text);

/// Names with values, in declared order.
class Values {
  public:
    Values() = default;
    Values(std::initializer_list<std::pair<std::string, Value>> entries) : entries_(entries) {}

    void set(std::string_view name, Value value);
    /// nullptr when there is no such name; a monostate value counts as there.
    const Value* find(std::string_view name) const;
    bool has(std::string_view name) const;  ///< there, and not monostate
    double real(std::string_view name) const;
    std::int64_t integer(std::string_view name) const;
    bool flag(std::string_view name) const;
    const std::string& word(std::string_view name) const;  ///< of a choice or a text
    const std::vector<std::pair<std::string, Value>>& entries() const { return entries_; }
    bool operator==(const Values&) const = default;

  private:
    std::vector<std::pair<std::string, Value>> entries_;
};

/// Every default of `schema`; required parameters are monostate.
Values defaults(const Schema& schema);
const Parameter* find_parameter(const Schema& schema, std::string_view name);
std::vector<std::string> names_of(const Schema& schema);

/// A named thing with all its values, resolved: `{name: blobs, samples: 1000, ...}`.
struct Component {
    struct List;
    std::string name;
    Values values;
    std::vector<List> lists{};  ///< those of Kind::lists that hold something, in the Kind's order
    bool operator==(const Component&) const = default;
    /// The components of a list; none when there is no such list.
    const std::vector<Component>& list(std::string_view list_name) const;
};
struct Component::List {
    std::string name;
    std::vector<Component> items;
    bool operator==(const List&) const = default;
};

}  // namespace etude
