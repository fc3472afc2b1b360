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

}  // namespace etude
