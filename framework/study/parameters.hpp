// framework/study/parameters.hpp - `parameters:` of a sweep block, as W&B writes them, turned into axes.
//
// What W&B means by a parameter is said in the forms of axis.hpp, at the places of the file; what cannot be meant, or means something else than
// it looks like, is refused here by name.
#pragma once
#include <optional>
#include <vector>

#include "study/tree.hpp"

namespace etude {

/// `method:` beside `parameters:`. Without one, `values` are an axis of the product and `min` with `max` are drawn.
enum class SweepMethod { as_written, grid, random };

/// Nothing after an error.
std::optional<SweepMethod> read_sweep_method(const Node& node, Diagnostics& diagnostics);
/// A key of a W&B sweep that has no place in a block (`metric`, `early_terminate`): reported with where it belongs. False for any other.
bool refuse_foreign_block_key(const Entry& entry, Diagnostics& diagnostics);
/// The parameters as axes, those of nested `parameters:` with the whole path; what was refused is left out.
std::vector<Entry> axes_of_parameters(const Node& parameters, SweepMethod method, Diagnostics& diagnostics);

}  // namespace etude
