// From the inside out: the plugin (unit, ends, after) or the combination of children, repeat, delay, quantize, scale, the warm-up, clip.
#include "plugin/schedule_tree.hpp"

#include <algorithm>

#include "plugin/leaf.hpp"
#include "plugin/pointwise.hpp"
#include "plugin/repeat.hpp"
#include "plugin/sequence.hpp"
#include "plugin/shaping.hpp"
#include "plugin/switch_when.hpp"
#include "plugin/warmup.hpp"

namespace etude {
namespace {

/// What is left of `updates` after `first`. Something that takes all of the time leaves nothing; what comes after it is still made, of one
/// update, because a ramp leads to where it would begin.
std::uint64_t rest_of(std::uint64_t updates, std::uint64_t first) { return first < updates ? updates - first : 1; }

class Builder {
  public:
    Builder(const SchedulePlugins& plugins, const RunOfSchedule& run) : plugins_(plugins), run_(run) {}

    std::unique_ptr<Node> schedule(const ScheduleSpec& spec, std::uint64_t updates) const {
        std::unique_ptr<Node> node;
        if (spec.warmup) {
            const bool comes_before = spec.warmup->mode == WarmupMode::prefix;
            const std::uint64_t ramp = comes_before ? warmup_updates(*spec.warmup, spec.unit, run_.length) : 0;
            node = std::make_unique<Warmup>(*spec.warmup, spec.unit, run_, shaped(spec, rest_of(updates, ramp)));
        } else {
            node = shaped(spec, updates);
        }
        if (spec.shaping.clip) node = std::make_unique<Limited>(*spec.shaping.clip, run_.base, std::move(node));
        return node;
    }

  private:
    std::unique_ptr<Node> shaped(const ScheduleSpec& spec, std::uint64_t updates) const {
        const ShapingSpec& shaping = spec.shaping;
        const TimeScale scale = time_scale(spec, updates);
        const std::uint64_t held = shaping.delay ? whole_updates(scale, *shaping.delay) : 0;
        std::unique_ptr<Node> node = repeated(spec, rest_of(updates, held));
        if (held > 0) node = std::make_unique<Delayed>(held, std::move(node));
        if (shaping.quantize) node = std::make_unique<Quantized>(whole_updates(scale, *shaping.quantize), std::move(node));
        if (shaping.scale) node = std::make_unique<Scaled>(*shaping.scale, std::move(node));
        return node;
    }

    std::unique_ptr<Node> repeated(const ScheduleSpec& spec, std::uint64_t updates) const {
        if (!spec.shaping.repeat) return drawn(spec, updates);
        const RepeatSpec& repeat = *spec.shaping.repeat;
        const std::uint64_t period = std::max<std::uint64_t>(1, whole_updates(time_scale(spec, updates), repeat.period));
        return std::make_unique<Repeat>(repeat, period, updates, [&](std::uint64_t cycle) { return drawn(spec, cycle); });
    }

    std::unique_ptr<Node> drawn(const ScheduleSpec& spec, std::uint64_t updates) const {
        if (spec.combination == Combination::none) return std::make_unique<Leaf>(plugins_.named(spec.name), spec, run_, updates);
        if (spec.combination == Combination::sequence) return sequence(spec, updates);
        if (spec.combination == Combination::switch_when) return switching(spec, updates);
        std::vector<std::unique_ptr<Node>> children;
        for (const ScheduleSpec& child : spec.children) children.push_back(schedule(child, updates));
        return std::make_unique<Pointwise>(spec.combination, std::move(children));
    }

    /// A child of no length is left out.
    std::unique_ptr<Node> sequence(const ScheduleSpec& spec, std::uint64_t updates) const {
        const TimeScale scale = time_scale(spec, updates);
        std::vector<Phase> phases;
        double end = 0;  // in updates, not rounded: what phases lose by rounding does not add up
        std::uint64_t begin = 0;
        for (const ScheduleSpec& child : spec.children) {
            if (!child.lasts) {
                phases.push_back({begin, schedule(child, rest_of(updates, begin))});
                break;
            }
            end += scale.in_updates(*child.lasts);
            const std::uint64_t next = rounded_up(end);
            if (next > begin) phases.push_back({begin, schedule(child, next - begin)});
            begin = next;
        }
        return std::make_unique<Sequence>(std::move(phases), spec.continuous);
    }

    std::unique_ptr<Node> switching(const ScheduleSpec& spec, std::uint64_t updates) const {
        std::vector<BoundCondition> conditions;
        for (const ScheduleSpec& child : spec.children)
            if (child.until)
                conditions.push_back({*child.until, std::max<std::uint64_t>(1, whole_updates(time_scale(spec, updates), child.until->patience))});
        const auto make = [&plugins = plugins_, &run = run_, &spec](std::size_t i, std::uint64_t time) {
            return Builder(plugins, run).schedule(spec.children[i], time);
        };
        return std::make_unique<SwitchWhen>(std::move(conditions), updates, spec.continuous, make);
    }

    TimeScale time_scale(const ScheduleSpec& spec, std::uint64_t updates) const {
        return {spec.unit, static_cast<double>(run_.length.per_epoch), static_cast<double>(updates)};
    }

    const SchedulePlugins& plugins_;
    const RunOfSchedule& run_;
};

}  // namespace

std::unique_ptr<Node> build_schedule(const SchedulePlugins& plugins, const ScheduleSpec& spec, const RunOfSchedule& run, std::uint64_t updates) {
    return Builder(plugins, run).schedule(spec, updates);
}

}  // namespace etude
