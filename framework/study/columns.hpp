// framework/study/columns.hpp - the swept columns of a plan: which there are, and what a configuration shows in them.
#pragma once
#include <string>
#include <vector>

#include "study/grid.hpp"

namespace etude {

/// Paths as written; a swept mapping gives one for each leaf of any of its values. In order of first appearance.
std::vector<Path> swept_columns(const Grid& grid);
/// The paths of the leaves of a value at `path`: scalars, lists, durations.
std::vector<Path> leaves_of(const Node& value, const Path& path);
/// A leaf as a cell shows it: text without quotes, lists and durations in flow style.
std::string leaf_text(const Node& leaf);
/// `resolved` where it is a leaf, else what is `written` (a preset, a list of layers); "" where there is neither. Both may be null.
std::string cell_text(const Node* resolved, const Node* written);

}  // namespace etude
