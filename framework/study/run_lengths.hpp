// framework/study/run_lengths.hpp - how many updates a trial has, of its data, its batch and its epochs; each combination counted once.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>

#include "plugin/bound.hpp"
#include "study/trial_parts.hpp"

namespace etude {

class RunLengths {
  public:
    /// Both outlive it.
    RunLengths(Registry& registry, Diagnostics& diagnostics) : registry_(registry), diagnostics_(diagnostics) {}

    /// Of a trial whose data and training could be read. `spec` has both, and the optimizer where that could be read; `batch`: the schedule of
    /// train.batch. Nothing after an error; warns of a batch that is larger than the training part.
    std::optional<RunLength> of(const TrialParts& parts, const TrialSpec& spec, const std::optional<ScheduleSpec>& batch);

  private:
    std::optional<RunLength> steady(const TrialParts& parts, std::uint64_t accumulated);
    std::optional<RunLength> scheduled(const TrialParts& parts, TrialSpec spec, const ScheduleSpec& batch);

    Registry& registry_;
    Diagnostics& diagnostics_;
    /// Data, train, accumulate, and the schedules where one is of the batch.
    std::map<std::tuple<std::size_t, std::size_t, std::uint64_t, std::optional<std::size_t>>, std::optional<RunLength>> lengths_;
};

}  // namespace etude
