// framework/plugin/spec.hpp - an optimizer and a schedule as values: resolved, without pointers into plugins.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/value.hpp"

namespace etude {

/// Gradient clipping before the step (0.9 of the catalogue: after accumulation, before weight decay).
struct Clip {
    enum class Kind { norm, value } kind = Kind::norm;
    double limit = 0;  ///< norm: the global norm is at most this (g * limit / max(norm, limit)); value: each element lies in [-limit, limit]
    bool operator==(const Clip&) const = default;
};

struct OptimizerSpec {
    std::string name;
    double lr = 0;            ///< the base rate, > 0
    Values values;            ///< one per declared parameter, absolute
    std::optional<Clip> clip;
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

struct ScheduleSpec {
    std::string name;
    Values values;            ///< one per declared parameter; rates absolute, lengths as written
    ScheduleUnit unit = ScheduleUnit::update;
    Ends ends = Ends::closed;
    After after = After::hold;
    std::optional<WarmupSpec> warmup;
    std::optional<MonitorSpec> monitor;  ///< set exactly when the plugin watches
    bool operator==(const ScheduleSpec&) const = default;
};

/// The words of the enums above as YAML writes them, in order.
std::span<const std::string> words_of(ScheduleUnit);
std::span<const std::string> words_of(Ends);
std::span<const std::string> words_of(After);
std::span<const std::string> words_of(WarmupShape);
std::span<const std::string> words_of(WarmupMode);
template <class E> const std::string& word(E value) { return words_of(E{})[static_cast<std::size_t>(value)]; }
template <class E> std::optional<E> from_word(std::string_view text) {
    const auto words = words_of(E{});
    for (std::size_t i = 0; i < words.size(); ++i)
        if (words[i] == text) return static_cast<E>(i);
    return std::nullopt;
}

}  // namespace etude
