// framework/sweep/rungs.hpp - a sweep whose rule (train/pruning.hpp) ends configurations early.
//
// All trials of a rung are trained, by as many workers as there are, before anything is decided; a decision looks at the float32 values of the curves,
// which are the same whether a trial was just trained, suspended, or read back from the store. So what is ended depends neither on the number of
// workers nor on how often the run was killed. Suspended trials wait in memory; of a killed run those are trained again, and what is in the store is
// kept: whole trials, and pruned ones that are pruned at the same epoch again.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>

#include "store/store.hpp"
#include "sweep/executor.hpp"
#include "train/trial_state.hpp"

namespace etude {

/// What the sweep lends.
struct RungTools {
    /// Trial `place` of the plan from a state (nullptr: from the beginning) until so many epochs are done in all; nothing when it was stopped.
    std::function<std::optional<TrialOutcome>(std::size_t place, const TrialState* from, std::uint64_t until)> train;
    std::function<void(std::size_t place, Record record)> put;  ///< a trial that has ended, or is pruned; from any thread
    std::function<bool()> stopped;                              ///< nothing more is to be begun
};

/// `plan` has a rule, `epochs` are those of all its trials. Ends in the middle when it is stopped.
void run_rungs(const Plan& plan, std::uint64_t epochs, const Store& store, Executor& executor, const RungTools& tools);

}  // namespace etude
