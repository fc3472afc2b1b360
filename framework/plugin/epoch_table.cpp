#include "plugin/epoch_table.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace etude {

EpochTable::EpochTable(std::span<const std::uint64_t> updates) : firsts_{0} {
    ETUDE_ASSERT(!updates.empty() && std::ranges::find(updates, std::uint64_t{0}) == updates.end(), "an epoch has at least one update");
    for (const std::uint64_t count : updates) firsts_.push_back(firsts_.back() + count);
}

EpochTable::~EpochTable() = default;

std::uint64_t EpochTable::epoch_of(std::uint64_t update) const {
    if (update >= firsts_.back()) return epochs() + (update - firsts_.back()) / updates_in(epochs() - 1);
    return static_cast<std::uint64_t>(std::ranges::upper_bound(firsts_, update) - firsts_.begin()) - 1;
}

std::uint64_t EpochTable::updates_in(std::uint64_t epoch) const {
    const std::uint64_t one = std::min(epoch, epochs() - 1);
    return firsts_[one + 1] - firsts_[one];
}

double EpochTable::epochs_at(double update) const {
    const std::uint64_t epoch = std::min(epoch_of(static_cast<std::uint64_t>(std::max(0.0, update))), epochs() - 1);
    return static_cast<double>(epoch) + (update - static_cast<double>(firsts_[epoch])) / static_cast<double>(updates_in(epoch));
}

double EpochTable::update_at(double epochs_passed) const {
    const double last = static_cast<double>(epochs() - 1), epoch = std::clamp(std::floor(epochs_passed), 0.0, last);
    const auto one = static_cast<std::uint64_t>(epoch);
    return static_cast<double>(firsts_[one]) + (epochs_passed - epoch) * static_cast<double>(updates_in(one));
}

}  // namespace etude
