// framework/study/parts.hpp - the parts of a trial that the framework itself knows: data, model, loss, train, divergence, record.
//
// A part is read in one of two ways: as a resolved trial has it (everything that is needed must be there), or as it is written in the file
// while a sweep gives the rest (what is there is checked, nothing is returned).
#pragma once
#include <optional>
#include <string>

#include "study/tree.hpp"
#include "train/trial.hpp"

namespace etude {

enum class Reading { resolved, as_written };

/// A kind's name, bare or as `name:` of a mapping; nullptr after an error (or where a sweep may give it).
const Node* name_of(const Node& part, const std::string& what, Reading reading, Diagnostics& diagnostics);

std::optional<Component> read_data(const Node& node, Reading reading, Diagnostics& diagnostics);
std::optional<Component> read_loss(const Node& node, Reading reading, Diagnostics& diagnostics);
std::optional<ModelSpec> read_model(const Node& node, Reading reading, Diagnostics& diagnostics);
std::optional<TrainSpec> read_train(const Node& node, Reading reading, Diagnostics& diagnostics);
/// `divergence: {loss_above: x}`; nullopt inside when there is no limit.
std::optional<std::optional<double>> read_divergence(const Node& node, Diagnostics& diagnostics);
/// `range_test: {...}`, with train/range_test.hpp's keys; nullopt inside when there is none.
std::optional<std::optional<RangeTestSpec>> read_range_test(const Node& node, Diagnostics& diagnostics);
/// `early_stop: {metric, patience, min_delta, min_epochs}`; nullopt inside when there is none. The metric may still be empty.
std::optional<std::optional<EarlyStopSpec>> read_early_stop(const Node& node, Reading reading, Diagnostics& diagnostics);
/// `record: {lr: epoch | update, norms: true, ...}`
struct RecordSpec {
    bool lr_per_update = false;
    InstrumentSpec instruments = {};
};
const Schema& record_schema();
std::optional<RecordSpec> read_record(const Node& node, Diagnostics& diagnostics);

}  // namespace etude
