// framework/study/block.hpp - a block of a sweep read from what is written: its axes, what is drawn in it, what it leaves out.
#pragma once
#include "study/grid.hpp"

namespace etude {

/// `node` is a mapping. Errors go to `diagnostics`; what was refused is left out.
Block read_block(const Node& node, Diagnostics& diagnostics);

}  // namespace etude
