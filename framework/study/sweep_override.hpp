// framework/study/sweep_override.hpp - what the command line does to `sweep:`.
#pragma once
#include "study/path.hpp"

namespace etude {

/// `sweep.path=axis`: replaces the axis in every block that has it, whatever its form there (a path of `cases`, `halton` and `parameters` is
/// taken out of them); where none has, adds it to every block.
void replace_axis(Node& root, const Path& path, Node axis, const Place& key_place);
/// `path=value` on a swept path: no block sweeps it any more.
void drop_axis(Node& root, const Path& path);
/// `path=value` below a swept path: it wins over the swept mappings too. Blocks that sweep what contains it get it as an axis of one value.
void fix_inside_axes(Node& root, const Path& path, const Node& value, const Place& key_place);

}  // namespace etude
