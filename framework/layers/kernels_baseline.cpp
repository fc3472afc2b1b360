// framework/layers/kernels_baseline.cpp - the vector kernels for any machine.
#define ETUDE_NATIVE_LANES 4
#define ETUDE_ISA_NAMESPACE baseline
#include "layers/kernels_body.hpp"

namespace etude::detail {

extern const Kernels kernels_baseline;
const Kernels kernels_baseline = baseline::table("own:baseline", nullptr);

}  // namespace etude::detail
