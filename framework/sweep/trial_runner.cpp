#include "sweep/trial_runner.hpp"

#include <algorithm>

namespace etude {

std::optional<Record> TrialRunner::left(std::size_t place) {
    std::optional<TrialState> state = look_up(id_of(place));
    return state ? std::optional(std::move(state->record)) : std::nullopt;
}

std::optional<TrialSoFar> TrialRunner::run(std::size_t place, std::optional<std::uint64_t> until) {
    std::optional<TrialState> from = look_up(id_of(place));
    if (from && until && from->record.epochs > *until) from.reset();
    if (from && until && from->record.epochs == *until) return TrialSoFar{std::move(from->record), true};
    std::optional<TrialOutcome> outcome;
    try {
        outcome = train(place, from ? &*from : nullptr, until);
    } catch (const StateMismatch& mismatch) {
        warn(checkpoints_.file(id_of(place)).string() + ": " + mismatch.what() + "; the trial begins anew");
        {
            const std::lock_guard lock(mutex_);
            --continued_;
        }
        outcome = train(place, nullptr, until);
    }
    if (!outcome) return std::nullopt;
    const TrialState* const state = std::get_if<TrialState>(&*outcome);
    if (state != nullptr) {
        checkpoints_.put(id_of(place), *state, Checkpoints::Reaching::the_kernel);
        const std::lock_guard lock(mutex_);
        met_.insert(id_of(place));
    }
    return TrialSoFar{std::move(record_of(*outcome)), state != nullptr};
}

std::optional<TrialState> TrialRunner::look_up(const std::string& id) {
    Checkpoints::Found found = checkpoints_.find(id);
    if (!found.warning.empty()) warn(found.warning);
    if (found.state) {
        const std::lock_guard lock(mutex_);
        continued_ += met_.insert(id).second;
    }
    return std::move(found.state);
}

std::optional<TrialOutcome> TrialRunner::train(std::size_t place, const TrialState* from, std::optional<std::uint64_t> until) {
    const TrialSpec trial = study_.trial(place);
    const auto [optimizer, schedule] = [&] {
        const std::lock_guard lock(registry_mutex_);
        return std::pair<const Plugin*, SchedulePlugins>{&registry_.require(PluginKind::optimizer, trial.optimizer.name),
                                                         schedule_plugins(registry_, trial)};
    }();
    const std::shared_ptr<const Dataset> data = datasets_.get(trial.data);
    const auto save = [&](const TrialState& state) {
        checkpoints_.put(id_of(place), state, Checkpoints::Reaching::the_disk);
        const std::lock_guard lock(mutex_);
        met_.insert(id_of(place));
    };
    return run_part(trial, {.optimizer = *optimizer, .schedule = schedule, .data = *data, .stop = stop_},
                    {.from = from, .until = until, .save_every = trial.train.checkpoint, .save = save});
}

void TrialRunner::warn(const std::string& warning) {
    const std::lock_guard lock(mutex_);
    if (std::ranges::find(warnings_, warning) == warnings_.end()) warnings_.push_back(warning);
}

}  // namespace etude
