#include "plugin/fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "plugin/cycles.hpp"
#include "plugin/leaf.hpp"
#include "plugin/shaping.hpp"
#include "plugin/warmup.hpp"

namespace etude {
namespace {

class Fitting {
  public:
    Fitting(const SchedulePlugins& plugins, const RunLength& length, double base, std::string step)
        : plugins_(plugins), length_(length), run_{length, base, 0}, step_(std::move(step)) {}

    /// `own`: the time this schedule has.
    void look_at(const ScheduleSpec& spec, const OwnTime& own) {
        const std::string title = "schedule '" + spec.name + "'";
        OwnTime left = own;
        if (spec.warmup) {
            const std::uint64_t ramp = warmup_updates(*spec.warmup, spec.unit, length_, own.begin);
            if (ramp > own.updates)
                add(FitWarning::Reason::warmup,
                    fmt::format("{}: its warm-up of {} is longer than the {} it has", title, counted(ramp), counted(own.updates)),
                    "the base rate is never reached");
            if (spec.warmup->mode == WarmupMode::prefix) left = rest_of(left, ramp);
        }
        if (spec.shaping.delay) left = rest_of(left, whole_updates(time_scale(length_, spec.unit, left), *spec.shaping.delay));
        if (spec.shaping.repeat) left.updates = look_at_repeat(title, spec, left);
        if (spec.combination == Combination::none) return look_at_lengths(title, spec, left), look_at_cycles(title, spec, left);
        if (spec.combination == Combination::sequence) return look_at_sequence(spec, left);
        if (spec.combination == Combination::switch_when) return look_at(spec.children.front(), left);
        for (const ScheduleSpec& child : spec.children) look_at(child, left);
    }

    std::vector<FitWarning> result;

  private:
    std::string counted(double updates) const { return number(updates) + " " + step_ + (updates == 1 ? "" : "s"); }
    std::string counted(std::uint64_t updates) const { return counted(static_cast<double>(updates)); }
    void add(FitWarning::Reason reason, std::string message, std::string hint) { result.push_back({reason, std::move(message), std::move(hint)}); }

    /// The time of the first cycle.
    std::uint64_t look_at_repeat(const std::string& title, const ScheduleSpec& spec, const OwnTime& own) {
        RepeatSpec repeat = *spec.shaping.repeat;
        const TimeScale scale = time_scale(length_, spec.unit, own);
        const std::uint64_t period = std::max<std::uint64_t>(1, whole_updates(scale, repeat.period));
        double cycle = static_cast<double>(period), passed = scale.in_updates(repeat.period);
        std::uint64_t begin = 0, next = period;
        for (std::uint64_t i = 1; next < own.updates && (repeat.count == 0 || i < repeat.count); ++i) {
            cycle *= repeat.length_factor;
            repeat.period.amount *= repeat.length_factor;
            passed = scale.after(passed, repeat.period);
            begin = std::exchange(next, scale.epochs == nullptr ? next + rounded_up(cycle) : std::max(next + 1, rounded_up(passed)));
        }
        if (next > own.updates) add_cut_cycle(title, {begin, next - begin}, own.updates, "a `period` of which the run has a whole number");
        return period;
    }

    void add_cut_cycle(const std::string& title, const CutCycle& cycle, std::uint64_t updates, const std::string& hint) {
        add(FitWarning::Reason::cut_off,
            fmt::format("{} ends before its cycle does: {} into one of {}", title, counted(updates - cycle.begin), counted(cycle.length)), hint);
    }

    /// Of a plugin that goes up and down by itself. What watches is drawn by the run.
    void look_at_cycles(const std::string& title, const ScheduleSpec& spec, const OwnTime& own) {
        Leaf leaf(plugins_.named(spec.name), spec, run_, own);
        if (leaf.observes()) return;
        std::optional<CutCycle> cycle;
        try {
            cycle = cut_cycle([&](std::uint64_t update) { return leaf.factor({update, own.begin + update}); }, own.updates);
        } catch (const PluginFailure&) {
            return;  // behind the run, where nobody will ask: within it, every update was evaluated
        }
        if (cycle) add_cut_cycle(title, *cycle, own.updates, "lengths of which the run has a whole number of cycles");
    }

    void look_at_lengths(const std::string& title, const ScheduleSpec& spec, const OwnTime& own) {
        const std::uint64_t updates = own.updates;
        const TimeScale scale = time_scale(length_, spec.unit, own);
        const double has = static_cast<double>(updates), slack = 1e-9 * has;
        for (const Parameter& parameter : plugins_.named(spec.name).description.schema) {
            const Value* value = spec.values.find(parameter.name);
            if (const auto* length = std::get_if<Duration>(value); length && parameter.span && scale.in_updates(*length) > has + slack)
                add(FitWarning::Reason::cut_off, fmt::format("{} ends before its {} does: that is {}, and it has {}", title, parameter.name,
                                                             counted(scale.in_updates(*length)), counted(updates)), "");
            if (const auto* lengths = std::get_if<std::vector<Duration>>(value))
                for (const Duration& milestone : *lengths)
                    if (scale.in_updates(milestone) > has + slack) {
                        add(FitWarning::Reason::milestone,
                            fmt::format("{}: {} lies after the end, at {} {} of {}", title, value_text(milestone), step_,
                                        number(scale.in_updates(milestone)), updates),
                            "");
                        break;
                    }
        }
    }

    void look_at_sequence(const ScheduleSpec& spec, const OwnTime& own) {
        const std::uint64_t updates = own.updates;
        const TimeScale scale = time_scale(length_, spec.unit, own);
        double end = 0;
        std::uint64_t begin = 0;
        for (std::size_t i = 0; i < spec.children.size(); ++i) {
            const ScheduleSpec& child = spec.children[i];
            if (begin >= updates) {
                add(FitWarning::Reason::never_begins,
                    fmt::format("sequence: its schedule {}, '{}', begins at the end or after it, at {} {} of {}", i + 1, child.name, step_, begin,
                                updates),
                    "");
                return;
            }
            if (child.lasts) end = scale.after(end, *child.lasts);
            const std::uint64_t next = child.lasts ? rounded_up(end) : updates;
            if (next > begin) look_at(child, {own.begin + begin, next - begin});
            begin = next;
        }
    }

    const SchedulePlugins& plugins_;
    const RunLength& length_;
    const RunOfSchedule run_;
    const std::string step_;
};

}  // namespace

std::vector<FitWarning> fit_warnings(const SchedulePlugins& plugins, const ScheduleSpec& spec, double base, const RunLength& length,
                                     std::string_view step) {
    Fitting fitting(plugins, length, base, std::string(step));
    fitting.look_at(spec, {0, std::max<std::uint64_t>(1, length.updates)});
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
