// framework/plugin/isa.hpp - which instruction set kernels run with on this machine.
#pragma once
#include "sdk/abi.h"

namespace etude {

/// The best one that the CPU runs, or the one that ETUDE_ISA (baseline, v3, v4) asks for. Throws Error for a word it does not know or a
/// set that the CPU lacks.
etude_isa chosen_isa();

}  // namespace etude
