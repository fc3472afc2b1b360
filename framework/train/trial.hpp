// framework/train/trial.hpp - one trial as a value: everything that decides its numbers.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "model/spec.hpp"
#include "plugin/spec.hpp"
#include "train/early_stop.hpp"
#include "train/instruments.hpp"
#include "train/range_test.hpp"

namespace etude {

struct TrainSpec {
    std::uint64_t epochs = 0, batch = 0;
    bool drop_last = false;
    std::uint64_t threads = 1;     ///< that oneDNN uses
    std::uint64_t checkpoint = 0;  ///< epochs between two saved states, 0: none; no part of what decides the numbers
    bool operator==(const TrainSpec&) const = default;
};
const Schema& train_schema();  ///< epochs, batch (required), drop_last, threads, checkpoint

struct TrialSpec {
    Component data;                       ///< with `validation`
    ModelSpec model;
    Component loss;
    TrainSpec train;
    OptimizerSpec optimizer;
    ScheduleSpec schedule;
    std::vector<ParameterSchedule> schedules;  ///< of other parameters of the optimizer, each at most once
    std::optional<ScheduleSpec> batch_schedule = {};  ///< of train.batch, one value an epoch: train/run_plan.hpp
    std::vector<ParameterGroup> groups;   ///< of the model's tensors; no tensor is in two
    std::optional<double> loss_above;     ///< divergence: {loss_above: x}: also diverged when a batch's mean loss exceeds it
    bool record_lr_per_update = false;    ///< record: {lr: update}
    InstrumentSpec instruments = {};      ///< record: {norms: true, ...}
    std::optional<RangeTestSpec> range_test = {};  ///< then the rates are its ramp, and neither epochs nor schedule matter
    std::optional<EarlyStopSpec> early_stop = {};  ///< ends the trial before its last epoch
    std::uint64_t seed = 0;
    bool operator==(const TrialSpec&) const = default;
};

}  // namespace etude
