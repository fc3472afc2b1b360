#include "sweep/sweep.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <mutex>

#include "base/hash.hpp"
#include "store/checkpoints.hpp"
#include "store/used_plugins.hpp"
#include "study/identity.hpp"
#include "sweep/datasets.hpp"
#include "sweep/progress.hpp"
#include "sweep/rungs.hpp"
#include "sweep/trial_runner.hpp"
#include "train/decision_map.hpp"

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
    Collector(Store& store, Progress& progress, SweepResult& result)
        : store_(store), progress_(progress), result_(result), provenance_(provenance_here()) {}

    void put(const PlannedTrial& planned, std::string resolved, Record record, const Dataset& data) {
        const Status status = record.status;
        {
            const std::lock_guard lock(mutex_);
            if (record.decision && kept_samples_.insert(record.decision->samples).second)
                if (const auto samples = samples_of(data)) store_.put_samples(record.decision->samples, *samples);
            if (status == Status::failed && std::ranges::find(result_.failures, record.message) == result_.failures.end())
                result_.failures.push_back(record.message);
            provenance_.finished_at = utc_now();
            store_.put({.id = planned.id, .seed = planned.seed, .resolved = std::move(resolved), .record = std::move(record),
                        .provenance = provenance_});
            result_.completed += status == Status::completed;
            result_.diverged += status == Status::diverged;
            result_.pruned += status == Status::pruned;
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

/// `budget: {time: ...}`: nothing is begun after it.
class Deadline {
  public:
    explicit Deadline(std::optional<double> seconds) : seconds_(seconds), start_(std::chrono::steady_clock::now()) {}
    bool has_passed() const { return seconds_ && std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count() >= *seconds_; }

  private:
    std::optional<double> seconds_;
    std::chrono::steady_clock::time_point start_;
};

/// In the plan's order; with a budget of time the first seed of every configuration before any second one.
std::vector<std::size_t> in_order_of_start(const Plan& plan, std::vector<std::size_t> missing) {
    if (!plan.seconds) return missing;
    std::vector<std::size_t> round(plan.trials.size());  // which seed of its configuration a trial has
    std::vector<std::size_t> seeds(plan.configurations.size(), 0);
    for (std::size_t i = 0; i < round.size(); ++i) round[i] = seeds[plan.trials[i].configuration]++;
    std::ranges::stable_sort(missing, {}, [&](std::size_t i) { return round[i]; });
    return missing;
}

/// The first trial of each configuration: the others differ from it in their seeds alone.
std::vector<TrialSpec> trials_but_for_seeds(const Study& study) {
    std::vector<TrialSpec> trials;
    const Plan& plan = study.plan();
    for (std::size_t i = 0; i < plan.trials.size(); ++i)
        if (i == 0 || plan.trials[i].configuration != plan.trials[i - 1].configuration) trials.push_back(study.trial(i));
    return trials;
}

/// The largest value of a trial's `train`, over all configurations.
std::uint64_t most_of(const Study& study, std::uint64_t TrainSpec::*value) {
    std::uint64_t most = 0;
    for (const TrialSpec& trial : trials_but_for_seeds(study)) most = std::max(most, trial.train.*value);
    return most;
}

/// Each once, in the order in which the configurations name them.
std::vector<UsedPlugin> used_plugins_of(const Study& study, Registry& registry) {
    std::set<const Plugin*> seen;
    std::vector<UsedPlugin> used;
    for (const TrialSpec& trial : trials_but_for_seeds(study))
        for (const Plugin* plugin : plugins_of(trial, registry))
            if (seen.insert(plugin).second)
                used.push_back({plugin->kind, plugin->description.name, plugin->file.string(), hex(plugin->file_hash), plugin->build});
    return used;
}

/// Which trials are done when the time is up depends on the machine: the results say so. False when all are done.
bool mark_what_time_left(const Plan& plan, Store& store) {
    std::set<std::string> done = store.ids();
    if (plan.pruning) done.merge(store.pruned_ids());
    const std::size_t left = missing_trials(plan, done).size();
    if (left == 0) return false;
    Plan marked = plan;
    marked.warnings.push_back("budget: the time of " + duration_text(*plan.seconds) + " was up when " + std::to_string(plan.trials.size() - left) +
                              " of " + std::to_string(plan.trials.size()) + " trials were done; which ones depends on the machine");
    store.put_plan(marked);
    return true;
}

}  // namespace

std::uint64_t most_threads(const Study& study) { return std::max<std::uint64_t>(1, most_of(study, &TrainSpec::threads)); }

std::vector<std::size_t> missing_trials(const Plan& plan, const std::set<std::string>& done) {
    std::vector<std::size_t> missing;
    for (std::size_t i = 0; i < plan.trials.size(); ++i)
        if (!done.contains(plan.trials[i].id)) missing.push_back(i);
    return missing;
}

SweepResult run_sweep(const Study& study, Registry& registry, Store& store, Executor& executor, const SweepOptions& options) {
    const Plan& plan = study.plan();
    const Deadline deadline(plan.seconds);
    store.put_plan(plan);
    store.put_used_plugins(used_plugins_of(study, registry));
    std::set<std::string> done = store.ids();
    if (plan.pruning) done.merge(store.pruned_ids());
    const std::vector<std::size_t> missing = in_order_of_start(plan, missing_trials(plan, done));
    SweepResult result;
    result.already_done = plan.trials.size() - missing.size();

    DatasetCache datasets(options.data);
    Progress progress(options.progress, missing.size(), options.workers);
    Collector collector(store, progress, result);
    const Checkpoints checkpoints(store.folder());
    checkpoints.tidy(done);
    TrialRunner runner(study, registry, datasets, checkpoints, options.stop);
    std::atomic<bool> halted{false};
    const auto stopped = [&] { return halted.load() || deadline.has_passed() || (options.stop != nullptr && options.stop->load()); };
    const auto put = [&](std::size_t i, Record record) {
        const bool has_failed = record.status == Status::failed;
        if (has_failed && options.fail_fast) halted.store(true);
        const std::shared_ptr<const Dataset> data = datasets.get(study.trial(i).data);
        collector.put(plan.trials[i], plan.configurations[plan.trials[i].configuration].resolved, std::move(record), *data);
        if (!has_failed) checkpoints.remove(plan.trials[i].id);
    };

    if (plan.pruning) {
        run_rungs(plan, most_of(study, &TrainSpec::epochs), store, executor, runner, {.put = put, .stopped = stopped});
    } else {
        executor.run(missing.size(), [&](std::size_t k) {
            if (stopped()) return;
            if (auto ended = runner.run(missing[k], std::nullopt)) put(missing[k], std::move(ended->record));
        });
    }
    checkpoints.tidy({});
    result.continued = runner.continued();
    result.warnings = runner.warnings();
    result.stopped = options.stop != nullptr && options.stop->load();
    result.out_of_time = !result.stopped && deadline.has_passed() && mark_what_time_left(plan, store);
    return result;
}

}  // namespace etude
