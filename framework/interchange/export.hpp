// framework/interchange/export.hpp - results for other programs. Every text is a function of the store alone: the same store, the same bytes.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "report/results.hpp"

namespace etude {

/// Long form, a row for each trial and epoch: trial,epoch,lr,METRIC...; `trial` as in trials.csv, epochs from 1, values as the store keeps curves:
/// float32, as the shortest text that reads back. A cell that the trial does not have is empty.
std::string curves_csv(const Results& results);

/// Everything as one JSON text: study, plan, configurations, trials with final metrics and curves, provenance, and the statistics of
/// statistics.json. JSON has no NaN and no infinity: they are null.
std::string results_json(const Results& results);

/// Optuna's journal (JournalStorage over JournalFileStorage, since 3.1): one study, a line each for its attributes and for every trial that has a
/// result, in the order of the plan. Parameters are the swept columns: whole numbers, numbers (on a log axis when all are positive and the
/// largest is ten times the smallest), else categories. The value is `score`; intermediate values are the metric's curve.
/// A diverged trial is COMPLETE with the score it counts with, a pruned one PRUNED, a failed one FAIL; user attributes keep the rest.
std::string optuna_journal(const Results& results);

/// One file of TensorBoard: its place below the exported folder, and its bytes.
struct EventFile {
    std::filesystem::path path;
    std::string bytes;
};
/// Event files, a folder for each trial that has a result: a scalar for each metric and the rate after each epoch (step: epochs done), the score at
/// the last; and the summaries of the HParams plugin: the experiment in the folder itself, a session for each trial, the seeds of a
/// configuration in one group. Wall times come from the store: the trial's end, and its duration spread evenly over the epochs.
std::vector<EventFile> tensorboard_files(const Results& results);

/// Writes them below `folder`; event files of an earlier export there that are not of this one are removed, nothing else is.
void write_tensorboard(const Results& results, const std::filesystem::path& folder);

}  // namespace etude
