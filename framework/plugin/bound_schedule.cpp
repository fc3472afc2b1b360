#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "plugin/bound.hpp"
#include "plugin/schedule_tree.hpp"

namespace etude {
namespace {

void collect(Registry& registry, const ScheduleSpec& spec, std::vector<const Plugin*>& plugins) {
    if (spec.combination == Combination::none) plugins.push_back(&registry.require(PluginKind::schedule, spec.name));
    for (const ScheduleSpec& child : spec.children) collect(registry, child, plugins);
}

/// The schedules of a `switch_when` that a run may come to, whenever that is.
void collect_later(const ScheduleSpec& spec, std::vector<const ScheduleSpec*>& later) {
    for (const ScheduleSpec& child : spec.children) {
        if (spec.combination == Combination::switch_when && &child != &spec.children.front()) later.push_back(&child);
        collect_later(child, later);
    }
}

std::string title(const ScheduleSpec& spec) { return "schedule '" + spec.name + "'"; }

}  // namespace

SchedulePlugins::SchedulePlugins(Registry& registry, const ScheduleSpec& spec) { add(registry, spec); }

void SchedulePlugins::add(Registry& registry, const ScheduleSpec& spec) { collect(registry, spec, plugins_); }

const Plugin& SchedulePlugins::named(std::string_view name) const {
    const auto found = std::ranges::find_if(plugins_, [&](const Plugin* plugin) { return plugin->description.name == name; });
    ETUDE_ASSERT(found != plugins_.end(), "the plugin '" + std::string(name) + "' was not looked up");
    return **found;
}

struct BoundSchedule::Impl {
    Impl(const SchedulePlugins& given_plugins, const ScheduleSpec& given_spec, const RunOfSchedule& given)
        : name(title(given_spec)), plugins(given_plugins), spec(given_spec), run(given),
          root(build_schedule(plugins, spec, run, std::max<std::uint64_t>(1, run.length.updates))) {}

    const std::string name;
    const SchedulePlugins plugins;
    const ScheduleSpec spec;
    const RunOfSchedule run;
    const std::unique_ptr<ScheduleNode> root;
};

BoundSchedule::BoundSchedule(const SchedulePlugins& plugins, const ScheduleSpec& spec, double base, RunLength length, std::uint64_t seed) {
    ETUDE_ASSERT(base > 0 && length.per_epoch > 0, "a schedule needs a base and an epoch");
    impl_ = std::make_unique<Impl>(plugins, spec, RunOfSchedule{length, base, seed});
}
BoundSchedule::~BoundSchedule() = default;

double BoundSchedule::factor(std::uint64_t update) {
    const double value = impl_->root->factor({update, update});
    if (!(value >= 0 && value <= std::numeric_limits<double>::max()))
        throw PluginFailure(fmt::format("{}: factor is {} at update {}", impl_->name, number(value), update));
    return value;
}

bool BoundSchedule::observes() const { return impl_->root->observes(); }

void BoundSchedule::observe(double value, bool smaller_is_better, const Metrics& metrics, std::uint64_t updates, std::uint64_t epochs) {
    etude_report report{};
    report.size = sizeof report;
    report.update = updates;
    report.epoch = epochs;
    report.value = value;
    report.sign = smaller_is_better ? 1 : -1;
    report.base_lr = impl_->run.base;
    report.train_loss = metrics.train_loss;
    report.train_accuracy = metrics.train_accuracy;
    report.validation_loss = metrics.validation_loss;
    report.validation_accuracy = metrics.validation_accuracy;
    report.test_loss = metrics.test_loss;
    report.test_accuracy = metrics.test_accuracy;
    impl_->root->observe(report, updates);
}

std::span<const double> BoundSchedule::state() const { return impl_->root->state(); }
void BoundSchedule::exchange(Archive& archive) { impl_->root->exchange(archive); }

ScheduleFindings check_schedule(const SchedulePlugins& plugins, const ScheduleSpec& spec, double base, RunLength length, std::uint64_t seed) {
    BoundSchedule schedule(plugins, spec, base, length, seed);
    ScheduleFindings findings;
    try {
        for (std::uint64_t update = 0; update < length.updates; ++update)
            if (schedule.factor(update) == 0 && update == 0) findings.warning = title(spec) + ": rate is 0 at update 0, the first";
        std::vector<const ScheduleSpec*> later;
        collect_later(spec, later);
        for (const ScheduleSpec* one : later) {
            BoundSchedule alone(plugins, *one, base, length, seed);
            for (std::uint64_t update = 0; update < length.updates; ++update) alone.factor(update);
        }
    } catch (const PluginFailure& failure) {
        findings.error = failure.what();
    }
    return findings;
}

}  // namespace etude
