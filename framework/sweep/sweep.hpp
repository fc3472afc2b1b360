// framework/sweep/sweep.hpp - runs the trials of a study that are not in the store yet.
//
// Resume, retry and extension are one thing: the plan's ids less the store's. A finished trial is in the store before the next one starts on
// its worker, so a kill at any moment loses only trials at work. Results do not depend on the number of workers.
#pragma once
#include <atomic>
#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include "data/catalogue.hpp"
#include "plugin/registry.hpp"
#include "store/store.hpp"
#include "study/study.hpp"
#include "sweep/executor.hpp"

namespace etude {

struct SweepOptions {
    DataPaths data = {};
    std::size_t workers = 1;
    bool fail_fast = false;                   ///< a failed trial ends the sweep
    std::FILE* progress = nullptr;            ///< nullptr: silent
    const std::atomic<bool>* stop = nullptr;  ///< raised by Ctrl-C: trials at work are dropped, done ones are kept
};

struct SweepResult {
    std::size_t already_done = 0, completed = 0, diverged = 0, pruned = 0, failed = 0;  ///< of the plan's trials
    std::vector<std::string> failures;                                       ///< messages, each once
    std::size_t continued = 0;                                               ///< of those, from a checkpoint
    std::vector<std::string> warnings;                                       ///< of checkpoints that could not be used
    bool stopped = false;
    bool out_of_time = false;  ///< budget: {time: ...} was up before all were done
};

/// The largest train.threads of its trials.
std::uint64_t most_threads(const Study& study);

/// Places in the plan of the trials that the store lacks.
std::vector<std::size_t> missing_trials(const Plan& plan, const std::set<std::string>& done);

/// Puts the plan into the store, then runs what is missing. Throws Error when data cannot be loaded or results cannot be written.
SweepResult run_sweep(const Study& study, Registry& registry, Store& store, Executor& executor, const SweepOptions& options);

}  // namespace etude
