// framework/plugin/spec.hpp - an optimizer and a schedule as values: resolved, without pointers into plugins.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/value.hpp"

namespace etude {

/// Gradient clipping before the step (0.9 of the catalogue: after accumulation, before weight decay).
struct Clip {
    enum class Kind { norm, value, adaptive } kind = Kind::norm;
    /// norm: the global norm is at most this (g * limit / max(norm, limit)); value: each element lies in [-limit, limit]; adaptive: the norm of
    /// each row is at most this times that of its weights, or times `eps` where they are smaller
    double limit = 0;
    double eps = 1e-3;
    bool operator==(const Clip&) const = default;
};

struct OptimizerSpec {
    std::string name;
    double lr = 0;            ///< the base rate, > 0
    Values values;            ///< one per declared parameter, absolute
    std::optional<Clip> clip;
    std::vector<Component> wrappers = {};  ///< what else is put around it (wrappers/kinds.hpp), resolved, in the order of wrapper_kinds()
    bool operator==(const OptimizerSpec&) const = default;
};

enum class ScheduleUnit { update, epoch, epoch_frac, fraction };
enum class Ends { closed, half_open, shifted };                 // same order as etude_ends
enum class After { hold, zero, error, repeat, extrapolate };
enum class WarmupShape { linear, constant, cosine, exponential };
enum class WarmupMode { prefix, overlay, product };

struct WarmupSpec {
    Duration length;          ///< fractions are of the run
    double from = 0;          ///< absolute rate at the start
    WarmupShape shape = WarmupShape::linear;
    Ends ends = Ends::shifted;
    WarmupMode mode = WarmupMode::prefix;
    bool operator==(const WarmupSpec&) const = default;
};

/// What a schedule that watches the run is told, and when.
struct MonitorSpec {
    std::string metric;             ///< test_loss, validation_accuracy, ...
    std::uint64_t every_updates = 0;  ///< 0: after each epoch
    bool operator==(const MonitorSpec&) const = default;
};

/// How several schedules make one. `none`: a plugin draws it.
enum class Combination { none, sequence, switch_when, product, min_of, max_of };

/// A schedule again and again.
struct RepeatSpec {
    Duration period;              ///< of the first cycle, rounded up to whole updates; fractions are of the time the schedule has
    std::uint64_t count = 0;      ///< cycles, then the last value is held; 0: to the end
    double length_factor = 1;     ///< each cycle lasts so many times the one before it, >= 1
    double amplitude_factor = 1;  ///< and is so many times as high
    bool mirror = false;          ///< every second cycle runs backwards
    bool operator==(const RepeatSpec&) const = default;
};

/// When a schedule of a `switch_when` gives way to the next. A metric that is no number fulfils nothing and improves nothing.
struct Condition {
    enum class Kind { below, above, no_improvement_for } kind = Kind::below;
    std::string metric;
    double value = 0;    ///< below, above: this, exclusively
    Duration patience;   ///< no_improvement_for: time since the best value, or since the beginning, rounded up to whole updates
    double margin = 0;   ///< likewise: what is better by no more is no improvement, >= 0
    bool operator==(const Condition&) const = default;
};

/// Absolute rates that the schedule does not leave.
struct RateLimits {
    double min = 0;
    std::optional<double> max;
    bool operator==(const RateLimits&) const = default;
};

/// What the host makes of what was drawn, from the inside out: repeat, delay, quantize, scale; the warm-up; clip.
struct ShapingSpec {
    std::optional<RepeatSpec> repeat;
    std::optional<Duration> delay;     ///< the first value is held so long; what follows has the rest of the time
    std::optional<Duration> quantize;  ///< the value changes only every so often
    std::optional<double> scale;
    std::optional<RateLimits> clip;
    bool operator==(const ShapingSpec&) const = default;
};

struct ScheduleSpec {
    std::string name;         ///< of the plugin; of a combination its word
    Values values;            ///< one per declared parameter; rates absolute, lengths as written
    ScheduleUnit unit = ScheduleUnit::update;
    Ends ends = Ends::closed;
    After after = After::hold;
    std::optional<WarmupSpec> warmup;
    std::optional<MonitorSpec> monitor;  ///< set exactly when the plugin, or any child, watches: one for the whole tree
    ShapingSpec shaping = {};
    Combination combination = Combination::none;
    std::vector<ScheduleSpec> children = {};     ///< of a combination, at least one
    bool continuous = false;                ///< sequence, switch_when: each child is scaled so that it begins where the one before it ended
    std::optional<Duration> lasts = {};     ///< the time a child has in its sequence; the last one has the rest
    std::optional<Condition> until = {};    ///< that ends a child of a switch_when; the last one has none
    bool operator==(const ScheduleSpec&) const = default;
};

/// A schedule of one of the optimizer's own real parameters: the configured value, which is above 0, times the factor.
struct ParameterSchedule {
    std::string parameter;
    ScheduleSpec schedule;
    bool operator==(const ParameterSchedule&) const = default;
};

/// Some of a network's tensors, stepped with a rate and a configuration of their own.
struct ParameterGroup {
    std::vector<std::string> match = {};     ///< parts of tensor names, whole words between dots: "bias", "0.dense", "0.dense.bias"; any of them
    std::vector<std::uint64_t> layers = {};  ///< places in the model; any of them. With `match` both must hold
    double lr_scale = 1;                     ///< times the rate; 0 freezes
    Values values = {};                      ///< the optimizer's parameters that are given here, absolute
    bool operator==(const ParameterGroup&) const = default;
};

/// The words of the enums above as YAML writes them, in order.
std::span<const std::string> words_of(ScheduleUnit);
std::span<const std::string> words_of(Ends);
std::span<const std::string> words_of(After);
std::span<const std::string> words_of(WarmupShape);
std::span<const std::string> words_of(WarmupMode);
std::span<const std::string> words_of(Combination);
template <class E> const std::string& word(E value) { return words_of(E{})[static_cast<std::size_t>(value)]; }
template <class E> std::optional<E> from_word(std::string_view text) {
    const auto words = words_of(E{});
    for (std::size_t i = 0; i < words.size(); ++i)
        if (words[i] == text) return static_cast<E>(i);
    return std::nullopt;
}

}  // namespace etude
