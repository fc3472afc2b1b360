// framework/study/combinators.hpp - the host's keys that make one schedule of several, or another one of one.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "plugin/spec.hpp"
#include "study/parts.hpp"

namespace etude {

/// The key of `part` that lists schedules to combine, or nullptr without one; nothing after an error: a second one, or a name beside it.
std::optional<const Entry*> find_combination(const Node& part, Diagnostics& diagnostics);

/// repeat, delay, quantize, scale and clip of a schedule.
class ShapingReader {
  public:
    ShapingReader(Reading reading, Diagnostics& diagnostics) : reading_(reading), diagnostics_(diagnostics) {}

    /// False when the key is none of these.
    bool take(const Entry& entry);
    bool good() const { return good_; }
    const ShapingSpec& result() const { return result_; }
    static const std::vector<std::string>& keys();

  private:
    void take_repeat(const Node& node);
    void take_clip(const Node& node);
    std::optional<Duration> duration(const Node& node, const std::string& name, Interval range);
    double real(const Node& node, const std::string& name, Interval range, double otherwise);
    void fail(const Place& place, const std::string& message, const std::string& hint = "");

    Reading reading_;
    Diagnostics& diagnostics_;
    ShapingSpec result_;
    bool good_ = true;
};

/// A length with a unit or in the schedule's own; nothing after an error.
std::optional<Duration> read_duration(const Node& node, const std::string& name, Interval range, Diagnostics& diagnostics);
std::optional<bool> read_flag(const Node& node, const std::string& name, Diagnostics& diagnostics);

}  // namespace etude
