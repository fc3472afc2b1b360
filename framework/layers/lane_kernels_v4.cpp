// framework/layers/lane_kernels_v4.cpp - convolutions in lanes for x86-64-v4 (AVX-512).
//
// Everything that other files also use is included first: what is compiled below for this instruction set stays in its own namespace.
#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "layers/lane_kernels.hpp"
#include "tensor/shape.hpp"

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("arch=x86-64-v4")
#endif
#define ETUDE_NATIVE_LANES 16
#define ETUDE_ISA_NAMESPACE v4
#include "layers/lane_kernels_body.hpp"
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace etude::detail {

extern const LaneKernels lane_kernels_v4;
const LaneKernels lane_kernels_v4 = v4::lane_table("lanes:v4");

}  // namespace etude::detail
#endif
