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

class Builder {
  public:
    Builder(const SchedulePlugins& plugins, const RunOfSchedule& run) : plugins_(plugins), run_(run) {}

    std::unique_ptr<ScheduleNode> schedule(const ScheduleSpec& spec, const OwnTime& own) const {
        std::unique_ptr<ScheduleNode> node;
        if (spec.warmup) {
            const bool comes_before = spec.warmup->mode == WarmupMode::prefix;
            const std::uint64_t ramp = comes_before ? warmup_updates(*spec.warmup, spec.unit, run_.length, own.begin) : 0;
            node = std::make_unique<Warmup>(*spec.warmup, spec.unit, run_, own.begin, shaped(spec, rest_of(own, ramp)));
        } else {
            node = shaped(spec, own);
        }
        if (spec.shaping.clip) node = std::make_unique<Limited>(*spec.shaping.clip, run_.base, std::move(node));
        return node;
    }

  private:
    std::unique_ptr<ScheduleNode> shaped(const ScheduleSpec& spec, const OwnTime& own) const {
        const ShapingSpec& shaping = spec.shaping;
        const TimeScale scale = time_scale(run_.length, spec.unit, own);
        const std::uint64_t held = shaping.delay ? whole_updates(scale, *shaping.delay) : 0;
        std::unique_ptr<ScheduleNode> node = repeated(spec, rest_of(own, held));
        if (held > 0) node = std::make_unique<Delayed>(held, std::move(node));
        if (shaping.quantize) node = std::make_unique<Quantized>(scale, *shaping.quantize, std::move(node));
        if (shaping.scale) node = std::make_unique<Scaled>(*shaping.scale, std::move(node));
        return node;
    }

    std::unique_ptr<ScheduleNode> repeated(const ScheduleSpec& spec, const OwnTime& own) const {
        if (!spec.shaping.repeat) return drawn(spec, own);
        const auto make = [&](std::uint64_t begin, std::uint64_t updates) { return drawn(spec, {own.begin + begin, updates}); };
        return std::make_unique<Repeat>(*spec.shaping.repeat, time_scale(run_.length, spec.unit, own), make);
    }

    std::unique_ptr<ScheduleNode> drawn(const ScheduleSpec& spec, const OwnTime& own) const {
        if (spec.combination == Combination::none) return std::make_unique<Leaf>(plugins_.named(spec.name), spec, run_, own);
        if (spec.combination == Combination::sequence) return sequence(spec, own);
        if (spec.combination == Combination::switch_when) return switching(spec, own);
        std::vector<std::unique_ptr<ScheduleNode>> children;
        for (const ScheduleSpec& child : spec.children) children.push_back(schedule(child, own));
        return std::make_unique<Pointwise>(spec.combination, std::move(children));
    }

    /// A child of no length is left out.
    std::unique_ptr<ScheduleNode> sequence(const ScheduleSpec& spec, const OwnTime& own) const {
        const TimeScale scale = time_scale(run_.length, spec.unit, own);
        std::vector<Phase> phases;
        double end = 0;  // in updates, not rounded: what phases lose by rounding does not add up
        std::uint64_t begin = 0;
        for (const ScheduleSpec& child : spec.children) {
            if (!child.lasts) {
                phases.push_back({begin, schedule(child, rest_of(own, begin))});
                break;
            }
            end = scale.after(end, *child.lasts);
            const std::uint64_t next = rounded_up(end);
            if (next > begin) phases.push_back({begin, schedule(child, {own.begin + begin, next - begin})});
            begin = next;
        }
        return std::make_unique<Sequence>(std::move(phases), spec.continuous);
    }

    std::unique_ptr<ScheduleNode> switching(const ScheduleSpec& spec, const OwnTime& own) const {
        std::vector<Condition> conditions;
        for (const ScheduleSpec& child : spec.children)
            if (child.until) conditions.push_back(*child.until);
        const auto make = [&plugins = plugins_, &run = run_, &spec, first = own.begin](std::size_t i, const OwnTime& time) {
            return Builder(plugins, run).schedule(spec.children[i], {first + time.begin, time.updates});
        };
        return std::make_unique<SwitchWhen>(std::move(conditions), time_scale(run_.length, spec.unit, own), own.updates, spec.continuous, make);
    }

    const SchedulePlugins& plugins_;
    const RunOfSchedule& run_;
};

}  // namespace

std::unique_ptr<ScheduleNode> build_schedule(const SchedulePlugins& plugins, const ScheduleSpec& spec, const RunOfSchedule& run,
                                             std::uint64_t updates) {
    return Builder(plugins, run).schedule(spec, {0, updates});
}

}  // namespace etude
