#include "plugin/leaf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plugin/table.hpp"

namespace etude {

Leaf::Leaf(const Plugin& plugin, const ScheduleSpec& spec, const RunOfSchedule& run, const OwnTime& own)
    : title_(title(plugin)),
      length_(run.length),
      time_(run, time_scale(run.length, spec.unit, own), spec.ends),
      configuration_(plugin, spec.values, time_.scale()),
      functions_(read_schedule(read_table(plugin.table))),
      after_(spec.after),
      span_(span_in_ticks(plugin, spec)),
      state_(initial_scalars(read_table(plugin.table))),
      clock_(time_.clock()) {
    clock_.unclamped = after_ == After::extrapolate ? 1 : 0;
    error_.size = sizeof error_;
    require_span_fits(own.updates);
}

double Leaf::span_in_ticks(const Plugin& plugin, const ScheduleSpec& spec) const {
    const Schema& schema = plugin.description.schema;
    const auto span = std::ranges::find_if(schema, &Parameter::span);
    if (span == schema.end()) return unbounded;
    return time_.scale().in_ticks(std::get<Duration>(*spec.values.find(span->name)));
}

void Leaf::require_span_fits(std::uint64_t updates) const {
    const TimeScale& scale = time_.scale();
    const double has = time_.clock().span, last = time_.x(updates - 1);
    if (after_ == After::error && has_ended(last))
        throw Error(fmt::format("{} ends after {} of the {} ticks it has", title_, number(span_), number(has)),
                    fmt::format("'after: error' refuses that: ticks are of unit '{}'", word(scale.unit)));
    if (after_ == After::repeat && span_ <= 0) throw Error(fmt::format("{}: a length of 0 cannot repeat", title_), "'after: repeat' needs a length");
}

void Leaf::fail(const char* what, std::uint64_t update) const {
    throw PluginFailure(fmt::format("{} {} {}: {}", title_, what, update, reason_of(error_)));
}

double Leaf::factor(Moment moment) {
    double x = time_.x(moment.local);
    if (time_.scale().epochs != nullptr) {
        clock_.tick = time_.tick(moment.local);
        clock_.per_epoch = length_.updates_in_epoch_of(moment.update);
    }
    if (has_ended(x)) {
        if (after_ == After::zero) return 0.0;
        if (after_ == After::repeat) x = repeated(x, span_);
    }
    clock_.x = x;
    clock_.update = moment.update;
    error_.message[0] = '\0';
    const double value = functions_.factor(configuration_.self(), &clock_, state_.data(), &error_);
    if (std::isnan(value) && error_.message[0] != '\0') fail("failed at update", moment.update);
    return value;
}

void Leaf::observe(etude_report& report, std::uint64_t done) {
    if (functions_.observe == nullptr) return;
    const TimeScale& scale = time_.scale();
    report.ticks = scale.epochs == nullptr ? scale.ticks_of(static_cast<double>(done - reported_))
                                           : scale.ticks_of(static_cast<double>(done)) - scale.ticks_of(static_cast<double>(reported_));
    reported_ = done;
    error_.message[0] = '\0';
    if (functions_.observe(configuration_.self(), &report, state_.data(), &error_) != 0) fail("failed at the report after update", report.update);
}

}  // namespace etude
