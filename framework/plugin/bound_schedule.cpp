#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "plugin/bound.hpp"
#include "plugin/configuration.hpp"
#include "plugin/leaf.hpp"
#include "plugin/warmup.hpp"

namespace etude {
namespace {

/// From the inside out: the plugin (unit, ends, after), then the warm-up around it.
std::unique_ptr<Node> build(const Plugin& plugin, const ScheduleSpec& spec, const RunOfSchedule& run) {
    const std::uint64_t total = std::max<std::uint64_t>(1, run.length.updates);
    if (!spec.warmup) return std::make_unique<Leaf>(plugin, spec, run, total);
    const bool comes_before = spec.warmup->mode == WarmupMode::prefix;
    const std::uint64_t ramp = comes_before ? warmup_updates(*spec.warmup, spec.unit, run.length) : 0;
    // A ramp as long as the run leaves nothing; it still leads to where the schedule would begin.
    const std::uint64_t rest = ramp < total ? total - ramp : 1;
    return std::make_unique<Warmup>(*spec.warmup, spec.unit, run, std::make_unique<Leaf>(plugin, spec, run, rest));
}

}  // namespace

struct BoundSchedule::Impl {
    Impl(const Plugin& plugin, const ScheduleSpec& spec, const RunOfSchedule& given)
        : name(title(plugin)), run(given), root(build(plugin, spec, given)) {}

    const std::string name;
    const RunOfSchedule run;
    const std::unique_ptr<Node> root;
};

BoundSchedule::BoundSchedule(const Plugin& plugin, const ScheduleSpec& spec, double base, RunLength length, std::uint64_t seed) {
    ETUDE_ASSERT(base > 0 && length.per_epoch > 0, "a schedule needs a base and an epoch");
    impl_ = std::make_unique<Impl>(plugin, spec, RunOfSchedule{length, base, seed});
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

ScheduleFindings check_schedule(const Plugin& plugin, const ScheduleSpec& spec, double base, RunLength length, std::uint64_t seed) {
    BoundSchedule schedule(plugin, spec, base, length, seed);
    ScheduleFindings findings;
    try {
        for (std::uint64_t update = 0; update < length.updates; ++update)
            if (schedule.factor(update) == 0 && update == 0) findings.warning = title(plugin) + ": rate is 0 at update 0, the first";
    } catch (const PluginFailure& failure) {
        findings.error = failure.what();
    }
    return findings;
}

}  // namespace etude
