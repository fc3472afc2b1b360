#include "plugin/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace etude {
namespace {

double snapped(double count) {
    const double whole = std::round(count);
    return std::abs(count - whole) <= 1e-9 * std::max(1.0, std::abs(whole)) ? whole : count;
}

void require_increasing(const Parameter& parameter, const std::vector<Duration>& written, const std::vector<etude_length>& ticks) {
    if (!parameter.increasing) return;
    for (std::size_t i = 1; i < ticks.size(); ++i)
        if (!(ticks[i].amount > ticks[i - 1].amount))
            throw Error(fmt::format("{0}[{1}] = {2} does not lie after {0}[{3}] = {4} in a run of this length", parameter.name, i,
                                    value_text(written[i]), i - 1, value_text(written[i - 1])),
                        fmt::format("they are {} and {} ticks", number(ticks[i].amount), number(ticks[i - 1].amount)));
}

}  // namespace

std::optional<double> TimeScale::in_epochs(const Duration& duration) const {
    switch (duration.unit) {
        case TimeUnit::updates: return std::nullopt;
        case TimeUnit::epochs: return duration.amount;
        case TimeUnit::fraction: return duration.amount * epoch_count;
        case TimeUnit::ticks: break;
    }
    switch (unit) {
        case ScheduleUnit::update: return std::nullopt;
        case ScheduleUnit::epoch:
        case ScheduleUnit::epoch_frac: return duration.amount;
        case ScheduleUnit::fraction: return duration.amount * epoch_count;
    }
    return std::nullopt;
}

double TimeScale::after(double from, const Duration& duration) const {
    if (epochs == nullptr) return from + in_updates(duration);
    const std::optional<double> length = in_epochs(duration);
    if (!length) return from + duration.amount;
    return snapped(epochs->update_at(snapped(epochs->epochs_at(begin + from) + *length)) - begin);
}

double TimeScale::in_updates(const Duration& duration) const {
    if (epochs != nullptr) return after(0, duration);
    switch (duration.unit) {
        case TimeUnit::updates: return duration.amount;
        case TimeUnit::epochs: return snapped(duration.amount * per_epoch);
        case TimeUnit::fraction: return snapped(duration.amount * updates);
        case TimeUnit::ticks: break;
    }
    switch (unit) {
        case ScheduleUnit::update: return duration.amount;
        case ScheduleUnit::epoch:
        case ScheduleUnit::epoch_frac: return snapped(duration.amount * per_epoch);
        case ScheduleUnit::fraction: return snapped(duration.amount * updates);
    }
    return duration.amount;
}

double TimeScale::ticks_of(double count) const {
    if (epochs != nullptr && unit != ScheduleUnit::update)
        return unit == ScheduleUnit::fraction ? epochs_of(count) / epoch_count : epochs_of(count);
    switch (unit) {
        case ScheduleUnit::update: return count;
        case ScheduleUnit::epoch:
        case ScheduleUnit::epoch_frac: return count / per_epoch;
        case ScheduleUnit::fraction: return count / updates;
    }
    return count;
}

double TimeScale::in_ticks(const Duration& duration) const {
    const bool counts_epochs = unit == ScheduleUnit::epoch || unit == ScheduleUnit::epoch_frac;
    const bool is_in_ticks = duration.unit == TimeUnit::ticks || (duration.unit == TimeUnit::epochs && counts_epochs) ||
                             (duration.unit == TimeUnit::fraction && unit == ScheduleUnit::fraction);
    return is_in_ticks ? duration.amount : ticks_of(in_updates(duration));
}

ArgumentList::ArgumentList(const Schema& schema, const Values& values, const TimeScale& time) {
    // Reserved, so that what arguments point to stays where it is: a short string lies inside its own object.
    reals_.reserve(schema.size());
    lengths_.reserve(schema.size());
    texts_.reserve(schema.size());
    arguments_.reserve(schema.size());
    for (const Parameter& parameter : schema) {
        const Value* value = values.find(parameter.name);
        ETUDE_ASSERT(value != nullptr, "no value for the parameter '" + parameter.name + "'");
        arguments_.push_back(argument(parameter, *value, time));
    }
}

etude_value ArgumentList::argument(const Parameter& parameter, const Value& value, const TimeScale& time) {
    const auto length = [&](const Duration& duration) { return etude_length{time.in_ticks(duration), ETUDE_TICKS, 0}; };
    etude_value result{};
    if (const auto* real = std::get_if<double>(&value); real && parameter.type == ValueType::real) {
        result.real = *real;
    } else if (const auto* integer = std::get_if<std::int64_t>(&value); integer && parameter.type == ValueType::integer) {
        result.integer = *integer;
    } else if (const auto* flag = std::get_if<bool>(&value); flag && parameter.type == ValueType::flag) {
        result.integer = *flag ? 1 : 0;
    } else if (const auto* duration = std::get_if<Duration>(&value); duration && parameter.type == ValueType::duration) {
        result.length = length(*duration);
    } else if (const auto* reals = std::get_if<std::vector<double>>(&value); reals && parameter.type == ValueType::reals) {
        const auto& kept = reals_.emplace_back(*reals);
        result.reals = {kept.data(), kept.size()};
    } else if (const auto* durations = std::get_if<std::vector<Duration>>(&value); durations && parameter.type == ValueType::durations) {
        auto& kept = lengths_.emplace_back();
        for (const Duration& element : *durations) kept.push_back(length(element));
        require_increasing(parameter, *durations, kept);
        result.lengths = {kept.data(), kept.size()};
    } else if (const auto* word = std::get_if<std::string>(&value); word && parameter.type == ValueType::choice) {
        const auto found = std::ranges::find(parameter.words, *word);
        ETUDE_ASSERT(found != parameter.words.end(), "'" + *word + "' is no word of '" + parameter.name + "'");
        result.integer = found - parameter.words.begin();
    } else if (word != nullptr && parameter.type == ValueType::text) {
        const auto& kept = texts_.emplace_back(*word);
        result.text = {kept.c_str(), kept.size()};
    } else {
        ETUDE_ASSERT(false, "the value of '" + parameter.name + "' is not " + type_name(parameter));
    }
    return result;
}

}  // namespace etude
