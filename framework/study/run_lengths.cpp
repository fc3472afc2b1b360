#include "study/run_lengths.hpp"

#include "train/run_plan.hpp"
#include "wrappers/kinds.hpp"

namespace etude {
namespace {

constexpr std::uint64_t max_updates = 1'000'000'000;  // of a run: schedules are evaluated at each of them before it starts

}  // namespace

std::optional<RunLength> RunLengths::of(const TrialParts& parts, const TrialSpec& spec, const std::optional<ScheduleSpec>& batch) {
    const std::uint64_t accumulated = accumulated_batches(spec.optimizer);
    const std::optional<std::size_t> schedules = batch ? std::optional(parts.schedules.number) : std::nullopt;
    const auto [found, is_new] = lengths_.try_emplace({parts.data.number, parts.train.number, accumulated, schedules});
    if (is_new) found->second = batch ? scheduled(parts, spec, *batch) : steady(parts, accumulated);
    return found->second;
}

std::optional<RunLength> RunLengths::scheduled(const TrialParts& parts, TrialSpec spec, const ScheduleSpec& batch) {
    spec.batch_schedule = batch;
    const std::size_t samples = parts.data->outline.train;
    const Place& place = parts.schedules.tree->place_of_key("train.batch");
    try {
        const RunPlan plan(spec, SchedulePlugins(registry_, batch), samples);
        const RunLength& length = plan.length();
        if (length.updates > max_updates)
            throw Error("the batches of " + std::to_string(spec.train.epochs) + " epochs are " + std::to_string(length.updates) +
                        " updates, more than " + std::to_string(max_updates));
        const std::uint64_t most = plan.largest_batch() * accumulated_batches(spec.optimizer);
        if (most > samples)
            diagnostics_.warning(place, "a batch of " + std::to_string(most) + " is larger than the training part of " + std::to_string(samples) +
                                            " samples: such an epoch is one update");
        return length;
    } catch (const Error& failure) {
        diagnostics_.error(place, failure.what(), failure.hint());
        return std::nullopt;
    }
}

std::optional<RunLength> RunLengths::steady(const TrialParts& parts, std::uint64_t accumulated) {
    const TrainSpec& train = *parts.train;
    const std::size_t samples = parts.data->outline.train;
    const std::uint64_t in_update = train.batch * accumulated;
    const std::uint64_t per_epoch = train.drop_last ? samples / in_update : (samples + in_update - 1) / in_update;
    const auto place_of = [&](const char* key) -> const Place& { return parts.train.tree->part->find(key)->place; };
    const std::string sizes = "batch = " + std::to_string(train.batch) +
                              (accumulated > 1 ? " times accumulate = " + std::to_string(accumulated) : "") +
                              " is larger than the training part of " + std::to_string(samples) + " samples";
    if (per_epoch > 0 && train.epochs > max_updates / per_epoch) {
        diagnostics_.error(place_of("epochs"), "epochs = " + std::to_string(train.epochs) + " of " + std::to_string(per_epoch) +
                                                   " updates are more than " + std::to_string(max_updates) + " updates");
        return std::nullopt;
    }
    if (per_epoch == 0) {
        diagnostics_.error(place_of("batch"), sizes + ", and `drop_last` leaves nothing");
        return std::nullopt;
    }
    if (in_update > samples) diagnostics_.warning(place_of("batch"), sizes + ": an epoch is one update");
    return RunLength{train.epochs * per_epoch, per_epoch};
}

}  // namespace etude
