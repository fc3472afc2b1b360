// framework/study/rate_table.hpp - `schedule: {name: table, file: rates.csv}`: the host reads the file and puts its numbers in the place of
// `file`, so that a trial depends on the numbers alone, and results do not need the file again.
#pragma once
#include <filesystem>

#include "study/tree.hpp"

namespace etude {

/// In every mapping below `node` that says `name: table` and `file:`, `file` becomes `at` and `values`. The file has a header with `lr` and with
/// `update` or `epoch` (both count from 0; with both, `update` counts), as `etude schedule --format csv` writes it. `folder` is what relative names
/// start from.
void fill_rate_tables(Node& node, const std::filesystem::path& folder, Diagnostics& diagnostics);

/// `sweep: {schedule.file: [a.csv, b.csv]}` in two steps, since an axis and the schedule it is of may stand in different files: the names of each
/// file of a study are made relative to nothing, then, in the whole study, such an axis becomes one of whole schedules, each `as:` its file.
void anchor_swept_tables(Node& root, const std::filesystem::path& folder);
void fill_swept_tables(Node& root, Diagnostics& diagnostics);

}  // namespace etude
