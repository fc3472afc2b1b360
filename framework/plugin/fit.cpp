#include "plugin/fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "plugin/shaping.hpp"
#include "plugin/warmup.hpp"

namespace etude {
namespace {

class Fitting {
  public:
    Fitting(const SchedulePlugins& plugins, const RunLength& length) : plugins_(plugins), length_(length) {}

    /// `updates`: the time this schedule has.
    void look_at(const ScheduleSpec& spec, std::uint64_t updates) {
        const std::string title = "schedule '" + spec.name + "'";
        std::uint64_t left = updates;
        if (spec.warmup) {
            const std::uint64_t ramp = warmup_updates(*spec.warmup, spec.unit, length_);
            if (ramp > updates)
                add(FitWarning::Reason::warmup, fmt::format("{}: its warm-up of {} is longer than the {} it has", title, counted(ramp), counted(updates)),
                    "the base rate is never reached");
            if (spec.warmup->mode == WarmupMode::prefix) left = rest_of(left, ramp);
        }
        if (spec.shaping.delay) left = rest_of(left, whole_updates(scale_of(spec, left), *spec.shaping.delay));
        if (spec.shaping.repeat) left = look_at_cycles(title, spec, left);
        if (spec.combination == Combination::none) return look_at_lengths(title, spec, left);
        if (spec.combination == Combination::sequence) return look_at_sequence(spec, left);
        if (spec.combination == Combination::switch_when) return look_at(spec.children.front(), left);
        for (const ScheduleSpec& child : spec.children) look_at(child, left);
    }

    std::vector<FitWarning> result;

  private:
    static std::string counted(double updates) { return number(updates) + (updates == 1 ? " update" : " updates"); }
    static std::string counted(std::uint64_t updates) { return counted(static_cast<double>(updates)); }
    static std::uint64_t rest_of(std::uint64_t updates, std::uint64_t first) { return first < updates ? updates - first : 1; }
    TimeScale scale_of(const ScheduleSpec& spec, std::uint64_t updates) const {
        return {spec.unit, static_cast<double>(length_.per_epoch), static_cast<double>(updates)};
    }
    void add(FitWarning::Reason reason, std::string message, std::string hint) { result.push_back({reason, std::move(message), std::move(hint)}); }

    /// The time of the first cycle.
    std::uint64_t look_at_cycles(const std::string& title, const ScheduleSpec& spec, std::uint64_t updates) {
        const RepeatSpec& repeat = *spec.shaping.repeat;
        const std::uint64_t period = std::max<std::uint64_t>(1, whole_updates(scale_of(spec, updates), repeat.period));
        double cycle = static_cast<double>(period);
        std::uint64_t begin = 0, next = period;
        for (std::uint64_t i = 1; next < updates && (repeat.count == 0 || i < repeat.count); ++i) {
            cycle *= repeat.length_factor;
            begin = std::exchange(next, next + rounded_up(cycle));
        }
        if (next > updates)
            add(FitWarning::Reason::cut_off,
                fmt::format("{} ends before its cycle does: {} into one of {}", title, counted(updates - begin), counted(next - begin)),
                "a `period` of which the run has a whole number");
        return period;
    }

    void look_at_lengths(const std::string& title, const ScheduleSpec& spec, std::uint64_t updates) {
        const TimeScale scale = scale_of(spec, updates);
        const double has = static_cast<double>(updates), slack = 1e-9 * has;
        for (const Parameter& parameter : plugins_.named(spec.name).description.schema) {
            const Value* value = spec.values.find(parameter.name);
            if (const auto* length = std::get_if<Duration>(value); length && parameter.span && scale.in_updates(*length) > has + slack)
                add(FitWarning::Reason::cut_off, fmt::format("{} ends before its {} does: that is {}, and it has {}", title, parameter.name,
                                                             counted(scale.in_updates(*length)), counted(updates)), "");
            if (const auto* lengths = std::get_if<std::vector<Duration>>(value))
                for (const Duration& milestone : *lengths)
                    if (scale.in_updates(milestone) > has + slack) {
                        add(FitWarning::Reason::milestone, fmt::format("{}: {} lies after the end, at update {} of {}", title, value_text(milestone),
                                                                       number(scale.in_updates(milestone)), updates), "");
                        break;
                    }
        }
    }

    void look_at_sequence(const ScheduleSpec& spec, std::uint64_t updates) {
        const TimeScale scale = scale_of(spec, updates);
        double end = 0;
        std::uint64_t begin = 0;
        for (std::size_t i = 0; i < spec.children.size(); ++i) {
            const ScheduleSpec& child = spec.children[i];
            if (begin >= updates) {
                add(FitWarning::Reason::never_begins, fmt::format("sequence: its schedule {}, '{}', begins at the end or after it, at update {} of {}", i + 1,
                                                                  child.name, begin, updates), "");
                return;
            }
            if (child.lasts) end += scale.in_updates(*child.lasts);
            const std::uint64_t next = child.lasts ? rounded_up(end) : updates;
            if (next > begin) look_at(child, next - begin);
            begin = next;
        }
    }

    const SchedulePlugins& plugins_;
    const RunLength& length_;
};

}  // namespace

std::vector<FitWarning> fit_warnings(const SchedulePlugins& plugins, const ScheduleSpec& spec, const RunLength& length) {
    Fitting fitting(plugins, length);
    fitting.look_at(spec, std::max<std::uint64_t>(1, length.updates));
    return std::move(fitting.result);
}

bool same_rates(const SchedulePlugins& plugins, const ScheduleSpec& a, double base_a, const ScheduleSpec& b, double base_b, const RunLength& length,
                std::uint64_t seed) {
    BoundSchedule one(plugins, a, base_a, length, seed), other(plugins, b, base_b, length, seed);
    for (std::uint64_t update = 0; update < length.updates; ++update) {
        const double x = base_a * one.factor(update), y = base_b * other.factor(update);
        if (std::abs(x - y) > 1e-9 * std::max(x, y)) return false;
    }
    return true;
}

}  // namespace etude
