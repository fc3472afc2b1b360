#include "train/run_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.hpp"
#include "data/batches.hpp"
#include "wrappers/kinds.hpp"

namespace etude {
namespace {

/// The same for every seed: all runs of a configuration then have the same updates.
constexpr std::uint64_t seed_of_batches = 0;

std::uint64_t batch_of(double value, std::uint64_t epoch) {
    const double whole = std::round(value);
    if (!(whole >= 1 && whole <= 1e9))
        throw Error(fmt::format("train.batch is {} in epoch {}", number(value), epoch),
                    "a batch rounds to a whole number from 1 on; `clip: {min: 1}` holds it there");
    return static_cast<std::uint64_t>(whole);
}

std::vector<std::uint64_t> scheduled_batches(const TrialSpec& trial, const SchedulePlugins& plugins) {
    const double base = static_cast<double>(trial.train.batch);
    BoundSchedule schedule(plugins, *trial.batch_schedule, base, {.updates = trial.train.epochs, .per_epoch = 1}, seed_of_batches);
    std::vector<std::uint64_t> batches;
    for (std::uint64_t epoch = 0; epoch < trial.train.epochs; ++epoch) batches.push_back(batch_of(base * schedule.factor(epoch), epoch));
    return batches;
}

}  // namespace

RunPlan::RunPlan(const TrialSpec& trial, const SchedulePlugins& plugins, std::size_t samples)
    : samples_(samples), drop_last_(trial.train.drop_last), batches_{trial.train.batch} {
    if (trial.batch_schedule && !trial.range_test) batches_ = scheduled_batches(trial, plugins);
    const std::set<std::uint64_t> different(batches_.begin(), batches_.end());
    if (different.size() > most_batch_sizes)
        throw Error(fmt::format("train.batch has {} different sizes", different.size()),
                    fmt::format("at most {}, since a network is built for each: `quantize: {{epochs: 10}}`, or a schedule in steps",
                                most_batch_sizes));
    if (different.size() == 1) batches_ = {*different.begin()};
    count(trial);
}

void RunPlan::count(const TrialSpec& trial) {
    const std::uint64_t pieces = accumulated_batches(trial.optimizer);
    std::vector<std::uint64_t> updates;
    for (const std::uint64_t batch : batches_) {
        updates.push_back(batches_in(samples_, batch * pieces, drop_last_));
        if (updates.back() == 0)
            throw Error(fmt::format("train.batch = {}{} is larger than the training part of {} samples, and `drop_last` leaves nothing", batch,
                                    pieces > 1 ? fmt::format(" times accumulate = {}", pieces) : "", samples_));
    }
    length_.per_epoch = updates.front();
    if (batches_.size() > 1 && std::ranges::any_of(updates, [&](std::uint64_t count) { return count != updates.front(); })) {
        length_.epochs = EpochTable(updates);
        length_.updates = length_.epochs.updates();
    } else {
        length_.updates = trial.train.epochs * length_.per_epoch;
    }
    if (trial.range_test) length_.updates = trial.range_test->updates;
}

std::uint64_t RunPlan::largest_batch() const { return *std::ranges::max_element(batches_); }

std::vector<std::size_t> RunPlan::sizes() const {
    std::vector<std::size_t> sizes;
    const auto add = [&](std::size_t size) {
        if (size > 0 && std::ranges::find(sizes, size) == sizes.end()) sizes.push_back(size);
    };
    for (const std::uint64_t batch : batches_) {
        add(std::min<std::size_t>(batch, samples_));
        if (!drop_last_) add(samples_ % batch);
    }
    return sizes;
}

}  // namespace etude
