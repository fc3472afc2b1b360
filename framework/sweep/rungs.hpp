// framework/sweep/rungs.hpp - a sweep whose rule (train/pruning.hpp) ends configurations early.
//
// All trials of a rung are trained, by as many workers as there are, before anything is decided; a decision looks at the float32 values of the
// curves, which are the same whether a trial was just trained, suspended, or read back from the store. So what is ended depends neither on the number
// of workers nor on how often the run was killed. Suspended trials wait in their checkpoints (sweep/trial_runner.hpp), where a later run finds them;
// of the store's trials it takes the whole ones, and the pruned ones where they are pruned at the same epoch again.
#pragma once
#include <cstdint>
#include <functional>

#include "store/store.hpp"
#include "sweep/executor.hpp"
#include "sweep/trial_runner.hpp"

namespace etude {

/// What the sweep lends.
struct RungTools {
    std::function<void(std::size_t place, Record record)> put;  ///< a trial that has ended, or is pruned; from any thread
    std::function<bool()> stopped;                              ///< nothing more is to be begun
};

/// `plan` has a rule, `epochs` are those of all its trials. Ends in the middle when it is stopped.
void run_rungs(const Plan& plan, std::uint64_t epochs, const Store& store, Executor& executor, TrialRunner& runner,
               const RungTools& tools);

}  // namespace etude
