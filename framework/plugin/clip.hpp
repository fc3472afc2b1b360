// framework/plugin/clip.hpp - gradient clipping before a step.
#pragma once
#include <span>

#include "base/isa.hpp"
#include "plugin/spec.hpp"

namespace etude {

/// norm: gradients times limit / max(norm, limit), where norm is the global one; value: each element into [-limit, limit]. A NaN stays one.
/// The sum of squares is taken in double over sixteen lanes in a fixed order: the same bits for every instruction set.
void clip_gradients(const Clip& clip, std::span<float> gradients, Isa isa);

}  // namespace etude
