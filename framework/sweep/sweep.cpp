#include "sweep/sweep.hpp"

#include <algorithm>
#include <ctime>
#include <mutex>

#include "sweep/datasets.hpp"
#include "sweep/progress.hpp"
#include "train/decision_map.hpp"
#include "train/trainer.hpp"

namespace etude {
namespace {

std::string utc_now() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char text[32];
    const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text, length};
}

/// What the workers share: the store and the tally, behind one mutex.
class Collector {
  public:
    Collector(Store& store, Progress& progress, SweepResult& result) : store_(store), progress_(progress), result_(result), provenance_(provenance_here()) {}

    void put(const PlannedTrial& planned, std::string resolved, Record record, const Dataset& data) {
        const Status status = record.status;
        {
            const std::lock_guard lock(mutex_);
            if (record.decision && kept_samples_.insert(record.decision->samples).second)
                if (const auto samples = samples_of(data)) store_.put_samples(record.decision->samples, *samples);
            if (status == Status::failed && std::ranges::find(result_.failures, record.message) == result_.failures.end())
                result_.failures.push_back(record.message);
            provenance_.finished_at = utc_now();
            store_.put({.id = planned.id, .seed = planned.seed, .resolved = std::move(resolved), .record = std::move(record), .provenance = provenance_});
            result_.completed += status == Status::completed;
            result_.diverged += status == Status::diverged;
            result_.failed += status == Status::failed;
        }
        progress_.finished(status);
    }

  private:
    std::mutex mutex_;  // guards store_, result_ and kept_samples_
    Store& store_;
    Progress& progress_;
    SweepResult& result_;
    Provenance provenance_;
    std::set<std::string> kept_samples_;
};

}  // namespace

std::vector<std::size_t> missing_trials(const Plan& plan, const std::set<std::string>& done) {
    std::vector<std::size_t> missing;
    for (std::size_t i = 0; i < plan.trials.size(); ++i)
        if (!done.contains(plan.trials[i].id)) missing.push_back(i);
    return missing;
}

SweepResult run_sweep(const Study& study, Registry& registry, Store& store, Executor& executor, const SweepOptions& options) {
    const Plan& plan = study.plan();
    store.put_plan(plan);
    const std::vector<std::size_t> missing = missing_trials(plan, store.ids());
    SweepResult result;
    result.already_done = plan.trials.size() - missing.size();

    DatasetCache datasets(options.data);
    Progress progress(options.progress, missing.size(), options.workers);
    Collector collector(store, progress, result);
    std::mutex registry_mutex;  // guards registry: a look-up may open a file
    std::atomic<bool> halted{false};
    const auto stopped = [&] { return halted.load() || (options.stop != nullptr && options.stop->load()); };

    executor.run(missing.size(), [&](std::size_t k) {
        if (stopped()) return;
        const std::size_t i = missing[k];
        const TrialSpec trial = study.trial(i);
        const auto plugins = [&] {
            const std::lock_guard lock(registry_mutex);
            return std::pair<const Plugin*, SchedulePlugins>{&registry.require(PluginKind::optimizer, trial.optimizer.name),
                                                             schedule_plugins(registry, trial)};
        }();
        const std::shared_ptr<const Dataset> data = datasets.get(trial.data);
        std::optional<Record> record = run_trial(trial, {.optimizer = *plugins.first, .schedule = plugins.second, .data = *data, .stop = options.stop});
        if (!record) return;
        if (record->status == Status::failed && options.fail_fast) halted.store(true);
        collector.put(plan.trials[i], plan.configurations[plan.trials[i].configuration].resolved, std::move(*record), *data);
    });
    result.stopped = options.stop != nullptr && options.stop->load();
    return result;
}

}  // namespace etude
