#include "sweep/trainers.hpp"

#include <algorithm>

#include "sweep/datasets.hpp"
#include "sweep/executor.hpp"
#include "train/run_trial.hpp"

namespace etude {

StudySettings::Train make_trainer(Registry& registry, DataPaths data, std::size_t workers) {
    return [&registry, datasets = std::make_shared<DatasetCache>(std::move(data)), workers](const std::vector<TrialSpec>& trials) {
        std::vector<Record> records(trials.size());
        std::mutex registry_mutex;  // guards registry: a look-up may open a file
        std::uint64_t threads = 1;
        for (const TrialSpec& trial : trials) threads = std::max(threads, trial.train.threads);
        make_executor(fitting_workers(workers, threads))->run(trials.size(), [&](std::size_t i) {
            const TrialSpec& trial = trials[i];
            const auto [optimizer, schedule] = [&] {
                const std::lock_guard lock(registry_mutex);
                return std::pair<const Plugin*, SchedulePlugins>{&registry.require(PluginKind::optimizer, trial.optimizer.name),
                                                                 schedule_plugins(registry, trial)};
            }();
            records[i] = *run_trial(trial, {.optimizer = *optimizer, .schedule = schedule, .data = *datasets->get(trial.data)});
        });
        return records;
    };
}

}  // namespace etude
