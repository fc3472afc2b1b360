#include "train/run_trial.hpp"

#include <algorithm>
#include <chrono>
#include <new>

#include "base/denormals.hpp"
#include "tensor/team.hpp"
#include "train/trainer.hpp"

namespace etude {
namespace {

Record failed_record(const std::string& message) {
    Record record;
    record.status = Status::failed;
    record.message = message;
    return record;
}

/// A trainer that is bound when it is first needed, and whose trouble is a record.
class GuardedTrainer {
  public:
    GuardedTrainer(const TrialSpec& trial, const TrialContext& context, const TrialState* from) : trial_(trial), context_(context), from_(from) {}

    std::optional<TrialOutcome> run(std::uint64_t until) {
        try {
            if (!trainer_) bind();
            return trainer_->run(until);
        } catch (const StateMismatch&) {
            throw;
        } catch (const Error& error) {  // the study was checked before: what is left is a plugin that fails at work
            return failed_record(error.what());
        } catch (const std::bad_alloc&) {
            return failed_record("out of memory");
        }
    }

  private:
    void bind() {
        trainer_.emplace(trial_, context_);
        if (from_ != nullptr) trainer_->restore(*from_);
    }

    const TrialSpec& trial_;
    const TrialContext& context_;
    const TrialState* from_;
    std::optional<Trainer> trainer_;
};

/// Epochs that are finished at the next pause.
std::uint64_t next_pause(const TrialPart& part, std::uint64_t finished, std::uint64_t end) {
    return part.save_every == 0 ? end : std::min(end, (finished / part.save_every + 1) * part.save_every);
}

}  // namespace

SchedulePlugins schedule_plugins(Registry& registry, const TrialSpec& trial) {
    SchedulePlugins plugins(registry, trial.schedule);
    for (const ParameterSchedule& scheduled : trial.schedules) plugins.add(registry, scheduled.schedule);
    if (trial.batch_schedule) plugins.add(registry, *trial.batch_schedule);
    return plugins;
}

std::optional<TrialOutcome> run_part(const TrialSpec& trial, const TrialContext& context, const TrialPart& part) {
    const auto start = std::chrono::steady_clock::now();
    const double seconds_before = part.from == nullptr ? 0 : part.from->record.wall_seconds;
    const FlushDenormals flush;
    const Team team(trial.train.threads);
    GuardedTrainer trainer(trial, context, part.from);
    const std::uint64_t end = std::min(part.until.value_or(trial.train.epochs), trial.train.epochs);
    std::uint64_t finished = part.from == nullptr ? 0 : part.from->record.epochs;
    for (;;) {
        std::optional<TrialOutcome> outcome = trainer.run(next_pause(part, finished, end));
        if (!outcome) return outcome;
        record_of(*outcome).wall_seconds = seconds_before + std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        const TrialState* const state = std::get_if<TrialState>(&*outcome);
        if (state == nullptr || state->record.epochs >= end) return outcome;
        finished = state->record.epochs;
        part.save(*state);
    }
}

std::optional<Record> run_trial(const TrialSpec& trial, const TrialContext& context) {
    std::optional<TrialOutcome> outcome = run_part(trial, context, {});
    if (!outcome) return std::nullopt;
    return std::move(record_of(*outcome));
}

}  // namespace etude
