// framework/base/isa.hpp - which of the compiled versions of a kernel runs: ours, and the steps of plugins.
#pragma once
#include <string_view>
#include <vector>

namespace etude {

enum class Isa { baseline, v3, v4 };  ///< any machine; x86-64-v3 (AVX2); x86-64-v4 (AVX-512); same order as etude_isa in sdk/abi.h

std::string_view isa_name(Isa isa);        ///< as ETUDE_ISA has it: "baseline", "v3", "v4"
std::string_view isa_title(Isa isa);       ///< "baseline", "x86-64-v3", "x86-64-v4"
const std::vector<Isa>& available_isas();  ///< those that this CPU runs, worst first
/// The best one available, or the one that the environment variable ETUDE_ISA names. Throws Error for an unknown word or one that this
/// CPU does not run. Results are the same bits whichever is chosen, but for convolutions, which have versions of our own for v4 alone.
Isa chosen_isa();

}  // namespace etude
