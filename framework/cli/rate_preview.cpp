#include "cli/rate_preview.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "base/error.hpp"
#include "study/study.hpp"
#include "train/metrics.hpp"

namespace etude::cli {
namespace {

/// What the shipped schedules are shown with where their defaults alone draw nothing, or little.
struct Example {
    std::string_view name, spec;
};
constexpr std::array examples{
    Example{"chebyshev", "{name: chebyshev, unit: epoch}"},
    Example{"cosine_restarts", "{name: cosine_restarts, first: {epochs: 15}, t_mult: 2, m_mult: 0.8}"},
    Example{"cyclic", "{name: cyclic, max: 4, up: {epochs: 10}, mode: triangular2}"},
    Example{"exponential", "{name: exponential, rate: 0.5, every: {epochs: 20}}"},
    Example{"expression", "{name: expression, formula: 'lr0 * exp(-2 * q) * (1.2 + cos(10 * pi * q)) / 2.2'}"},
    Example{"greedy", "{name: greedy, max: 3, factor: 0.6, patience: 5, window: 1}"},
    Example{"inverse_sqrt", "{name: inverse_sqrt, timescale: {epochs: 5}, warmup: {length: {epochs: 10}}}"},
    Example{"inverse_time", "{name: inverse_time, k: 1, every: {epochs: 10}}"},
    Example{"multi_step", "{name: multi_step, milestones: [{epochs: 30}, {epochs: 60}, {epochs: 85}], gamma: 0.4}"},
    Example{"natural_exp", "{name: natural_exp, k: 0.04, unit: epoch_frac}"},
    Example{"noam", "{name: noam, d_model: 512, peak: {epochs: 20}}"},
    Example{"noise", "{name: noise, limit: 0.3, unit: epoch}"},
    Example{"one_cycle", "{name: one_cycle, max: 1}"},
    Example{"one_cycle_geron", "{name: one_cycle_geron, max: 1}"},
    Example{"piecewise_constant", "{name: piecewise_constant, boundaries: [{epochs: 25}, {epochs: 60}], values: [1, 0.4, 0.1]}"},
    Example{"piecewise_interpolate",
            "{name: piecewise_interpolate, at: [0, {epochs: 20}, {epochs: 60}, {epochs: 100}], values: [0.2, 1, 0.4, 0], shape: cos}"},
    Example{"plateau", "{name: plateau, factor: 0.4, patience: 10}"},
    Example{"polynomial", "{name: polynomial, power: 2}"},
    Example{"power_decay", "{name: power_decay, unit: epoch_frac}"},
    Example{"sgld_poly", "{name: sgld_poly, a: 1, b: 1, unit: epoch_frac}"},
    Example{"slope_test", "{name: slope_test, threshold: 10, factor: 0.4}"},
    Example{"step", "{name: step, size: {epochs: 20}, gamma: 0.5}"},
    Example{"swa_anneal", "{name: swa_anneal, swa_lr: 0.3, anneal: {epochs: 40}}"},
    Example{"table", "{name: table, at: [0, {epochs: 10}, {epochs: 40}, {epochs: 70}], values: [0.3, 1, 0.5, 0.1], shape: hold}"},
    Example{"wsd", "{name: wsd, decay: {epochs: 25}, warmup: {length: {epochs: 5}}}"},
};

/// Of a parameter that must be given.
std::string example_value(const Parameter& p) {
    const auto inside = [&](double wish) { return p.range.contains(wish) ? wish : p.range.contains(0.75) ? 0.75 : std::max(p.range.min, 1.0); };
    switch (p.type) {
        case ValueType::real: return value_text(inside(0.5));
        case ValueType::integer: return value_text(static_cast<std::int64_t>(std::max(p.range.min, 5.0)));
        case ValueType::flag: return "true";
        case ValueType::choice: return p.words.front();
        case ValueType::duration: return "{epochs: 25}";
        case ValueType::reals: return value_text(std::vector<double>{inside(0.5), inside(0.25)});
        case ValueType::durations: return "[{epochs: 25}, {epochs: 50}]";
        case ValueType::text: return "'1'";
    }
    return "";
}

std::string example_of(const Plugin& plugin) {
    const std::string& name = plugin.description.name;
    const auto found = std::ranges::find(examples, name, &Example::name);
    if (found != examples.end()) return std::string(found->spec);
    std::string spec = "{name: " + name;
    for (const Parameter& p : plugin.description.schema)
        if (p.required) spec += ", " + p.name + ": " + example_value(p);
    return spec + "}";
}

/// Falls for 40 epochs, then stays.
double example_loss(std::uint64_t epoch) { return epoch < 40 ? 1.0 - 0.02 * static_cast<double>(epoch) : 0.2; }

}  // namespace

RatePreview preview_rates(const Plugin& plugin, Registry& registry) {
    RatePreview preview{.spec = example_of(plugin), .observes = plugin.observes, .rates = {}};
    const ScheduleSpec spec = read_schedule_argument(preview.spec, 1.0, registry);
    BoundSchedule schedule(SchedulePlugins(registry, spec), spec, 1.0, preview_run, 0);
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    for (std::uint64_t update = 0; update < preview_run.updates; ++update) {
        preview.rates.push_back(schedule.factor(update));
        const std::uint64_t done = update + 1, epoch = update / preview_run.per_epoch;
        if (!spec.monitor || done % preview_run.per_epoch != 0) continue;
        const double loss = example_loss(epoch);
        schedule.observe(loss, smaller_is_better(spec.monitor->metric), {loss, nan, loss, nan, loss, nan}, done, epoch + 1);
    }
    return preview;
}

}  // namespace etude::cli
