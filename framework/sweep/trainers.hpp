// framework/sweep/trainers.hpp - trials trained beside a study, without a store: the range tests behind `{find_lr: valley}`, and
// trials that are run again to be compared.
#pragma once
#include "study/study.hpp"

namespace etude {

/// For StudySettings::train: trains all, several at a time, and gives their records in the same order. `registry` outlives it.
StudySettings::Train make_trainer(Registry& registry, DataPaths data, std::size_t workers);

}  // namespace etude
