#include "plugin/repeat.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plugin/shaping.hpp"

namespace etude {
namespace {

constexpr std::size_t most_cycles = 10'000;  // of different lengths: each has a node of its own

}  // namespace

Repeat::Repeat(const RepeatSpec& spec, const TimeScale& scale, const Make& make)
    : spec_(spec), is_one_for_all_(spec.length_factor == 1 && scale.epochs == nullptr) {
    const std::uint64_t period = std::max<std::uint64_t>(1, whole_updates(scale, spec_.period));
    const auto updates = static_cast<std::uint64_t>(scale.updates);
    cycles_.push_back({0, period, make(0, period)});
    if (is_one_for_all_) return;
    double length = static_cast<double>(period), passed = scale.in_updates(spec_.period);
    Duration next_period = spec_.period;
    for (std::uint64_t end = period; end < updates && (spec_.count == 0 || cycles_.size() < spec_.count);) {
        if (cycles_.size() == most_cycles)
            throw Error(fmt::format("repeat: more than {} cycles of different lengths", most_cycles),
                        fmt::format("a longer period, or a length_factor further above 1 than {}", number(spec_.length_factor)));
        length *= spec_.length_factor;
        next_period.amount *= spec_.length_factor;
        passed = scale.after(passed, next_period);
        // Where epochs differ it is the samples of a cycle that count, and what it loses by rounding is the next one's.
        const std::uint64_t next = scale.epochs == nullptr ? rounded_up(length) : std::max(end + 1, rounded_up(passed)) - end;
        cycles_.push_back({end, next, make(end, next)});
        end += next;
    }
}

Repeat::Place Repeat::place_of(std::uint64_t local) const {
    if (is_one_for_all_) {
        const Cycle& cycle = cycles_.front();
        const std::uint64_t number = local / cycle.updates;
        if (spec_.count > 0 && number >= spec_.count) return {spec_.count - 1, cycle.updates - 1, &cycle};
        return {number, local % cycle.updates, &cycle};
    }
    std::size_t number = 0;
    while (number + 1 < cycles_.size() && local >= cycles_[number + 1].begin) ++number;
    const Cycle& cycle = cycles_[number];
    return {number, std::min(local - cycle.begin, cycle.updates - 1), &cycle};
}

double Repeat::factor(Moment moment) {
    const Place place = place_of(moment.local);
    const bool backwards = spec_.mirror && place.cycle % 2 == 1;
    const std::uint64_t local = backwards ? place.of->updates - 1 - place.local : place.local;
    return std::pow(spec_.amplitude_factor, static_cast<double>(place.cycle)) * place.of->node->factor({local, moment.update});
}

void Repeat::exchange(Archive& archive) {
    for (const Cycle& cycle : cycles_) cycle.node->exchange(archive);
}

}  // namespace etude
